using System.Threading.RateLimiting;

namespace BlazorChat.Rooms;

/// <summary>How often this node tells that one person is typing in one room: once in two and a half seconds, a little more often than a page says it.</summary>
internal sealed class TypingLimit : IDisposable
{
    private readonly PartitionedRateLimiter<(int UserId, int RoomId)> _limiter =
        PartitionedRateLimiter.Create<(int, int), (int, int)>(place =>
            RateLimitPartition.GetFixedWindowLimiter(place, _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = 1,
                Window = TimeSpan.FromSeconds(2.5),
                QueueLimit = 0,
            }));

    public bool TryTake(int userId, int roomId)
    {
        using var lease = _limiter.AttemptAcquire((userId, roomId));
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
