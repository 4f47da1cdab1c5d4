using BlazorChat.Channels.Admission;

namespace BlazorChat.Rooms.Messages;

/// <summary>Limits typing events to one in two and a half seconds for a person and room; a page reports at most one in three.</summary>
internal sealed class TypingLimit(TimeProvider time)
{
    private readonly RateLimit<(int UserId, int RoomId)> _limit = new(time, burst: 1, perSecond: 0.4);

    public bool TryAcquire(int userId, int roomId) => _limit.TryAcquire((userId, roomId));
}
