namespace BlazorChat.Data.Entities.Rooms;

/// <summary>
/// A deleted room whose messages and files are being removed. The transaction that adds this makes the room private and removes its members, so
/// nobody sees it any more.
/// </summary>
public sealed class RoomDeletion
{
    public int RoomId { get; init; }

    public Room? Room { get; init; }

    /// <summary>Until this time one node removes the room. After it any node may continue.</summary>
    public DateTime LeasedUntil { get; set; }
}
