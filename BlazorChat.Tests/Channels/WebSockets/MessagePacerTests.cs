using BlazorChat.Channels.WebSockets;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Channels.WebSockets;

public sealed class MessagePacerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_second_of_messages_passes_at_once_and_more_pass_at_the_rate()
    {
        var pacer = new MessagePacer(10, _time);

        for (var i = 0; i < 10; i++)
            Assert.Equal(TimeSpan.Zero, pacer.CountMessage());
        Assert.Equal(TimeSpan.FromMilliseconds(100), pacer.CountMessage());
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(TimeSpan.FromMilliseconds(100), pacer.CountMessage());
    }

    [Fact]
    public void Unused_permits_expire_after_a_second()
    {
        var pacer = new MessagePacer(10, _time);
        _time.Advance(TimeSpan.FromHours(1));

        for (var i = 0; i < 10; i++)
            Assert.Equal(TimeSpan.Zero, pacer.CountMessage());
        Assert.NotEqual(TimeSpan.Zero, pacer.CountMessage());
    }
}
