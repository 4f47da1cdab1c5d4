using BlazorChat.Rooms;
using BlazorChat.Rooms.Pages.Drawer;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Rooms.Pages.Drawer;

public sealed class DrawerThreadsTests
{
    private const int Ada = 1;

    private readonly FakeTimeProvider _time = new();
    private int _reads;

    [Theory]
    [InlineData("rooms/7/42")]
    [InlineData("rooms/7/42/3")]
    public void A_reply_in_the_thread_that_one_looks_at_counts_when_it_is_still_unread_after_a_moment(string watched)
    {
        var threads = Create();

        threads.Apply(Replies(7, 42, [Ada]), Ada, _ => true, watched);
        threads.Apply(Replies(7, 42, [Ada]), Ada, _ => true, watched);
        _time.Advance(TimeSpan.FromSeconds(3.9));
        Assert.Equal(0, _reads);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((1, 1), (_reads, threads.Unread));
    }

    [Theory]
    [InlineData("")]
    [InlineData("rooms/7")]
    [InlineData("rooms/7/4")]
    [InlineData("rooms/70/42")]
    public void A_reply_elsewhere_counts_soon_and_those_of_a_moment_are_counted_together(string watched)
    {
        var threads = Create();

        threads.Apply(Replies(7, 42, [2, Ada]), Ada, _ => false, watched);
        threads.Apply(Replies(7, 42, null), Ada, _ => true, watched);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((1, 1), (_reads, threads.Unread));
    }

    [Fact]
    public void Replies_for_others_cost_no_query()
    {
        var threads = Create();

        threads.Apply(Replies(7, 42, [2]), Ada, _ => true, "");
        threads.Apply(Replies(8, 42, null), Ada, roomId => roomId == 7, "");
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, _reads);
    }

    private DrawerThreads Create() => new(() => Task.FromResult((long)++_reads), () => { }, NullLogger.Instance, _time, default);

    private static ThreadsActivity Replies(int roomId, long root, int[]? followers) => new([new ThreadReplies(roomId, root, 5, followers)]);
}
