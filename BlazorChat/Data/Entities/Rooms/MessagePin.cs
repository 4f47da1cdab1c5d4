using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Rooms;

/// <summary>A message or reply that is pinned in its room. It is removed with the message.</summary>
public sealed class MessagePin
{
    public long MessageId { get; init; }

    public Message? Message { get; init; }

    public int RoomId { get; init; }

    /// <summary>The person who pinned it.</summary>
    public int UserId { get; init; }

    public ChatUser? User { get; init; }

    /// <summary>UTC.</summary>
    public DateTime PinnedAt { get; init; }
}
