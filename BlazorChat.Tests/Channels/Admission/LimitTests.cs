using BlazorChat.Channels.Admission;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Channels.Admission;

public sealed class LimitTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    [InlineData(100_000)]
    public void G20_A_burst_and_a_rate_are_exact_after_any_idle_time(int restMilliseconds)
    {
        var limit = new RateLimit<int>(_time, burst: 50, perSecond: 10);
        limit.TryAcquire(1);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        _time.Advance(TimeSpan.FromMilliseconds(restMilliseconds));

        var accepted = 0;
        for (var i = 0; i < 200; i++)
        {
            if (limit.TryAcquire(1))
                accepted++;
            _time.Advance(TimeSpan.FromMilliseconds(2.5));
        }

        Assert.Equal(54, accepted);
    }

    [Fact]
    public void A_refusal_has_a_retry_delay_and_consumes_no_permit()
    {
        var limit = new RateLimit<string>(_time, burst: 1, perSecond: 0.5);
        Assert.True(limit.TryAcquire("a"));

        Assert.False(limit.TryAcquire("a", out var retryAfter));
        Assert.Equal(TimeSpan.FromSeconds(2), retryAfter);
        Assert.True(limit.TryAcquire("b"));

        _time.Advance(retryAfter);
        Assert.True(limit.TryAcquire("a"));
    }

    [Fact]
    public void A_returned_permit_can_be_acquired_again()
    {
        var limit = new RateLimit<int>(_time, burst: 2, perSecond: 0.1);
        limit.TryAcquire(1);
        limit.TryAcquire(1);

        limit.Return(1);

        Assert.True(limit.TryAcquire(1));
        Assert.False(limit.TryAcquire(1));
    }

    [Fact]
    public void Keys_with_a_full_bucket_use_no_memory()
    {
        var limit = new RateLimit<int>(_time, burst: 1, perSecond: 1);
        for (var round = 0; round < 10; round++)
        {
            for (var key = 0; key < 1000; key++)
                limit.TryAcquire((round * 1000) + key);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(limit.Count, 1, 2048);
    }

    [Fact]
    public void Ceilings_hold_for_each_key_and_for_all()
    {
        var limit = new OpenLimit<string>(perKey: 2, inAll: 3);
        var first = limit.TryEnter("a");
        Assert.NotNull(limit.TryEnter("a"));
        Assert.Null(limit.TryEnter("a"));
        Assert.NotNull(limit.TryEnter("b"));
        Assert.Null(limit.TryEnter("c"));

        first!.Dispose();
        first.Dispose();

        Assert.NotNull(limit.TryEnter("c"));
        Assert.Null(limit.TryEnter("c"));
        Assert.Equal(3, limit.Total);
    }
}
