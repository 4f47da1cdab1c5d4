using BlazorChat.Channels.WebSockets;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Channels.WebSockets;

public sealed class MessagePacerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_seconds_worth_comes_at_once_and_the_rest_as_fast_as_is_allowed()
    {
        var pacer = new MessagePacer(10, _time);

        for (var i = 0; i < 10; i++)
            Assert.Equal(TimeSpan.Zero, pacer.CountMessage());
        Assert.Equal(TimeSpan.FromMilliseconds(100), pacer.CountMessage());
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(TimeSpan.FromMilliseconds(100), pacer.CountMessage());
    }

    [Fact]
    public void Nothing_is_saved_up_beyond_a_second()
    {
        var pacer = new MessagePacer(10, _time);
        _time.Advance(TimeSpan.FromHours(1));

        for (var i = 0; i < 10; i++)
            Assert.Equal(TimeSpan.Zero, pacer.CountMessage());
        Assert.NotEqual(TimeSpan.Zero, pacer.CountMessage());
    }
}
