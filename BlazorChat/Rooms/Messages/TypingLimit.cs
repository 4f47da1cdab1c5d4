using BlazorChat.Channels.Admission;

namespace BlazorChat.Rooms.Messages;

/// <summary>
/// How often this node publishes that one person is typing in one room: once in two and a half seconds, a little more often than a
/// page reports it.
/// </summary>
internal sealed class TypingLimit(TimeProvider time)
{
    private readonly RateLimit<(int UserId, int RoomId)> _limit = new(time, burst: 1, perSecond: 0.4);

    public bool TryAcquire(int userId, int roomId) => _limit.TryAcquire((userId, roomId));
}
