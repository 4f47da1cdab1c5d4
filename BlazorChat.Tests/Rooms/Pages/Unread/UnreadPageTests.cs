using System.Security.Claims;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Pages.Unread;
using BlazorChat.Rooms.Threads;
using Bunit;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Rooms.Pages.Unread;

public sealed class UnreadPageTests : ComponentTest
{
    private readonly ReloadTimer _time = new();
    private ClaimsPrincipal _zoe = default!;

    protected override void AddServices() => Services.AddSingleton<TimeProvider>(_time);

    [Fact]
    public async Task Each_room_has_its_count_its_first_messages_and_a_link()
    {
        var room = await AddRoomAsync("<i>Release</i>", 7);
        var page = await RenderAsync();

        Assert.Equal($"rooms/{room.Id}", page.Find("h2 a").GetAttribute("href"));
        Assert.Equal("<i>Release</i>", page.Find("h2 bdi").TextContent);
        Assert.Equal("7 unread", page.Find(".unread-count").TextContent);
        Assert.Equal(["1", "2", "3", "4", "5"], page.FindAll("article").Select(row => row.GetAttribute("data-sequence")));
        Assert.All(page.FindAll("article"), row => Assert.False(row.HasAttribute("id")));
        Assert.Equal("2 more", page.Find(".unread-more").TextContent);
    }

    [Fact]
    public async Task A_room_is_marked_as_read_and_this_can_be_undone()
    {
        var room = await AddRoomAsync("Room", 3);
        await Site.Conversation.MarkReadAsync(Ada, room.Id, 1, default);
        var page = await RenderAsync();

        await page.Find("button[aria-label='Mark as read: Room']").ClickAsync();
        await page.WaitForStateAsync(() => page.FindAll(".unread-count").Any(count => count.TextContent == "Marked as read."));
        Assert.Equal(0, await UnreadAsync(room));
        Assert.Empty(page.FindAll("article"));
        await Button(page, "Undo").ClickAsync();

        await page.WaitForStateAsync(() => page.FindAll(".unread-count").Any(count => count.TextContent == "2 unread"));
        Assert.Equal(2, await UnreadAsync(room));
    }

    [Fact]
    public async Task All_rooms_are_marked_as_read_and_this_can_be_undone()
    {
        var (one, two) = (await AddRoomAsync("One", 3), await AddRoomAsync("Two", 1));
        var page = await RenderAsync();

        await Button(page, "Mark all as read").ClickAsync();
        await page.WaitForStateAsync(() => page.Find(".unread-done").TextContent.StartsWith("Marked 2 rooms as read.", StringComparison.Ordinal));
        Assert.Equal((0, 0), (await UnreadAsync(one), await UnreadAsync(two)));
        Assert.Empty(page.FindAll("section"));
        await Button(page, "Undo").ClickAsync();

        await page.WaitForStateAsync(() => page.FindAll("section").Count == 2);
        Assert.Equal((3, 1), (await UnreadAsync(one), await UnreadAsync(two)));
    }

    [Fact]
    public async Task The_page_follows_what_is_read_elsewhere_and_what_is_new()
    {
        var one = await AddRoomAsync("One", 3);
        var page = await RenderAsync();

        await Site.Conversation.MarkReadAsync(Ada, one.Id, 2, default);
        await page.WaitForStateAsync(() => page.Find(".unread-count").TextContent == "1 unread");
        await Site.Conversation.MarkReadAsync(Ada, one.Id, 3, default);
        await page.WaitForStateAsync(() => page.Find(".unread-count").TextContent == "Read");
        await AddRoomAsync("Two", 2);

        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (!await page.InvokeAsync(() => page.FindAll("h2 bdi").Select(name => name.TextContent).SequenceEqual(["Two"])))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, timeout.Token);
        }
    }

    [Fact]
    public async Task Only_a_new_message_in_another_room_of_the_reader_reloads_the_list()
    {
        var shown = await AddRoomAsync("Shown", 1);
        var quiet = await AddRoomAsync("Quiet", 0);
        var muted = await AddRoomAsync("Muted", 1);
        await Site.Preferences.SetLevelAsync(Ada, muted.Id, RoomLevel.Nothing, default);
        var page = await RenderAsync();
        await page.WaitForStateAsync(() => page.Instance.Shown?.Quiet is not null);

        // The page has handled the first event when it shows the second one.
        await Site.Layer.PublishAsync(RoomGroups.Activity, new RoomsActivity(new Dictionary<int, long> { [999] = 1, [muted.Id] = 2 }));
        await Site.Layer.PublishAsync(RoomGroups.Activity, new RoomsActivity(new Dictionary<int, long> { [shown.Id] = 2 }));
        await page.WaitForStateAsync(() => page.Find(".unread-count").TextContent == "2 unread");
        Assert.False(_time.Reload.IsCompleted);

        await Site.Layer.PublishAsync(RoomGroups.Activity, new RoomsActivity(new Dictionary<int, long> { [quiet.Id] = 1 }));
        await _time.Reload.WaitAsync(TestWait.Limit);
    }

    [Fact]
    public async Task A_renamed_room_moves_to_its_place()
    {
        var first = await AddRoomAsync("Alpha", 1);
        await AddRoomAsync("Mike", 1);
        var page = await RenderAsync();

        await Site.RoomSettings.RenameAsync(_zoe, first.Id, "Zulu", default);

        await page.WaitForStateAsync(() => page.FindAll("h2 bdi").Select(name => name.TextContent).SequenceEqual(["Mike", "Zulu"]));
    }

    [Fact]
    public async Task Without_unread_messages_the_page_says_so()
    {
        await AddRoomAsync("One", 0);

        var page = await RenderAsync();

        Assert.StartsWith("You're all caught up.", page.Find(".unread-empty").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent == "Mark all as read");
    }

    [Fact]
    public async Task Unread_replies_in_threads_are_counted_beside_the_rooms()
    {
        var room = await AddRoomAsync("One", 0);
        await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), "root", default);
        await ReplyAsync();
        var page = await RenderAsync();
        await AdvanceUntilAsync(() => page.FindAll("a.unread-threads[href=threads]").Count == 1);
        Assert.Equal("1 unread reply in threads", page.Find(".unread-threads").TextContent);
        Assert.Empty(page.FindAll(".unread-empty"));

        await ReplyAsync();
        await AdvanceUntilAsync(() => page.Find(".unread-threads").TextContent == "2 unread replies in threads");
        await Site.Services.GetRequiredService<ThreadFollows>().MarkReadAsync(Ada, room.Id, 1, 2, default);
        await AdvanceUntilAsync(() => page.FindAll(".unread-empty").Count == 1);

        Task ReplyAsync() => Site.Conversation.ReplyAsync(_zoe, room.Id, 1, Guid.NewGuid(), "reply", [], isInRoom: false, default);

        async Task AdvanceUntilAsync(Func<bool> isReached)
        {
            using var timeout = new CancellationTokenSource(TestWait.Limit);
            while (!await page.InvokeAsync(isReached))
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(10, timeout.Token);
            }
        }
    }

    private async Task<IRenderedComponent<UnreadPage>> RenderAsync()
    {
        var page = Render<UnreadPage>();
        await page.WaitForElementAsync("[data-ready]");
        return page;
    }

    private async Task<RoomView> AddRoomAsync(string name, int messages)
    {
        _zoe ??= await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(_zoe, name, default);
        await Site.Rooms.JoinAsync(Ada, room.Id, default);
        for (var i = 0; i < messages; i++)
            await Site.Conversation.SendAsync(_zoe, room.Id, Guid.NewGuid(), $"{i}", default);
        return room;
    }

    private async Task<long> UnreadAsync(RoomView room) => (await Site.Rooms.FindAsync(Ada, room.Id, default))!.Unread;

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<UnreadPage> page, string text) =>
        page.FindAll("button").Single(button => button.TextContent == text);

    /// <summary>A clock that completes a task when the page plans to read its list again.</summary>
    private sealed class ReloadTimer : FakeTimeProvider
    {
        private readonly TaskCompletionSource _reload = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reload => _reload.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == TimeSpan.FromSeconds(10))
                _reload.TrySetResult();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
