using BlazorChat.Data.Entities;

namespace BlazorChat.Rooms.Directory;

/// <summary>A room as one person sees it.</summary>
/// <param name="Role">Null when the person is not a member.</param>
/// <param name="Members">The number of members; null when they were not counted.</param>
/// <param name="LastSequence">Sequence of the newest message; 0 without messages.</param>
/// <param name="LastReadSequence">Sequence of the newest message that the person has read; null when they are not a member.</param>
/// <param name="NameVersion">Incremented by each new name.</param>
public sealed record RoomView(
    int Id, string Name, RoomKind Kind, MembershipRole? Role, int? Members, long LastSequence, long? LastReadSequence, int NameVersion = 0)
{
    public bool IsMember => Role is not null;

    /// <summary>The number of messages that the person has not read; 0 when they are not a member.</summary>
    public long Unread => Math.Max(0, LastSequence - (LastReadSequence ?? LastSequence));

    /// <summary>Sorts rooms by name, as lists show them.</summary>
    internal static IReadOnlyList<RoomView> InOrder(IEnumerable<RoomView> rooms) =>
        [.. rooms.OrderBy(room => Room.Normalize(room.Name), StringComparer.Ordinal).ThenBy(room => room.Id)];

    /// <summary>The room with its new name, if the event is about it and newer.</summary>
    internal RoomView Apply(RoomChanged changed) =>
        changed.RoomId == Id && changed.NameVersion > NameVersion ? this with { Name = changed.Name, NameVersion = changed.NameVersion } : this;
}
