using BlazorChat.Notifications.Outbox;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Notifications.Outbox;

public sealed class PushThrottleTests
{
    private const string Host = "push.example.org";

    private readonly FakeTimeProvider _time = new();
    private readonly PushThrottle _throttle;

    public PushThrottleTests() => _throttle = new PushThrottle(_time);

    [Fact]
    public void Messages_that_fail_together_pause_a_service_for_a_second_and_each_further_failure_for_twice_as_long()
    {
        FailTogether(PushThrottle.MaxPerHost);

        foreach (var seconds in new[] { 1, 2, 4, 8 })
        {
            Assert.Equal(0, _throttle.SpaceFor(Host));
            Assert.Equal([Host], _throttle.Closed);
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(0, _throttle.SpaceFor(Host));
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(1, _throttle.SpaceFor(Host));
            FailTogether(1);
        }
    }

    [Fact]
    public void A_service_that_answers_again_gets_as_many_as_before()
    {
        FailTogether(PushThrottle.MaxPerHost);
        _time.Advance(TimeSpan.FromSeconds(1));

        _throttle.Begin(Host);
        _throttle.End(Host, isFailure: false);

        Assert.Equal(PushThrottle.MaxPerHost, _throttle.SpaceFor(Host));
        Assert.Empty(_throttle.Closed);
    }

    private void FailTogether(int count)
    {
        for (var i = 0; i < count; i++)
            _throttle.Begin(Host);
        for (var i = 0; i < count; i++)
            _throttle.End(Host, isFailure: true);
    }
}
