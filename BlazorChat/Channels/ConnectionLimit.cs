using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace BlazorChat.Channels;

/// <summary>How many connections one address may open on this node: <c>Channels:ConnectionsPerMinute</c>, all of them at once if it likes.</summary>
internal sealed class ConnectionLimit(IOptions<ChannelOptions> options) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<IPAddress?> _limiter = PartitionedRateLimiter.Create<IPAddress?, string>(address =>
        RateLimitPartition.GetTokenBucketLimiter(Caller.Of(address), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.Value.ConnectionsPerMinute,
            TokensPerPeriod = Math.Max(1, options.Value.ConnectionsPerMinute / 60),
            ReplenishmentPeriod = Period,
            QueueLimit = 0,
        }));

    /// <summary>Seconds after which a refused address may try again.</summary>
    public static int RetryAfter => (int)Period.TotalSeconds;

    public bool TryTake(IPAddress? address)
    {
        using var lease = _limiter.AttemptAcquire(address);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
