using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms;

/// <summary>How much one person may send through programs on this node: <see cref="RoomOptions.CommandsPerSecond"/>.</summary>
internal sealed class SendLimit(IOptions<RoomOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<int> _limiter = PartitionedRateLimiter.Create<int, int>(userId =>
        RateLimitPartition.GetTokenBucketLimiter(userId, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 5 * options.Value.CommandsPerSecond,
            TokensPerPeriod = options.Value.CommandsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));

    public bool TryTake(int userId)
    {
        using var lease = _limiter.AttemptAcquire(userId);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
