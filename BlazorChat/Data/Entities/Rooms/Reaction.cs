using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Rooms;

/// <summary>A person reacted to a message by an emoji.</summary>
public sealed class Reaction
{
    /// <summary>In UTF-16 code units, which is the name of a custom emoji with its colons.</summary>
    public const int MaxEmojiLength = CustomEmoji.MaxNameLength + 2;

    /// <summary>Ascends in the order in which people reacted.</summary>
    public long Id { get; init; }

    public int RoomId { get; init; }

    public Room? Room { get; init; }

    /// <summary>The key of the message: see <see cref="Message.Sequence"/>.</summary>
    public long Sequence { get; init; }

    public int UserId { get; init; }

    public ChatUser? User { get; init; }

    /// <summary>One of Unicode's, or the name of a custom one as <c>:name:</c>.</summary>
    public required string Emoji { get; init; }
}
