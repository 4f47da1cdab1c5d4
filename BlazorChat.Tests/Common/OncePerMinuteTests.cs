using BlazorChat.Common;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Common;

public sealed class OncePerMinuteTests
{
    [Fact]
    public void Each_cause_is_logged_once_a_minute_with_the_number_of_its_occurrences()
    {
        var time = new FakeTimeProvider();
        var log = new OncePerMinute(time);

        Assert.True(log.TryCount(out var first));
        Assert.False(log.TryCount(out _));
        Assert.False(log.TryCount(out _));
        Assert.True(log.TryCount(out var other, "other"));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(log.TryCount(out var later));

        Assert.Equal((1L, 1L, 3L), (first, other, later));
    }
}
