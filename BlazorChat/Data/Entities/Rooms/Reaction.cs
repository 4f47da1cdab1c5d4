using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Rooms;

/// <summary>A person reacted to a message by an emoji.</summary>
public sealed class Reaction
{
    /// <summary>In UTF-16 code units.</summary>
    public const int MaxEmojiLength = 32;

    /// <summary>Ascends in the order in which people reacted.</summary>
    public long Id { get; init; }

    public int RoomId { get; init; }

    public Room? Room { get; init; }

    /// <summary>The key of the message: see <see cref="Message.Sequence"/>.</summary>
    public long Sequence { get; init; }

    public int UserId { get; init; }

    public ChatUser? User { get; init; }

    public required string Emoji { get; init; }
}
