using BlazorChat.Data.Entities;
using BlazorChat.Rooms.Mentions;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>A change to the messages of a room, after the checks that need no database.</summary>
internal abstract record MessageWrite(int RoomId);

/// <param name="PersonId">The person whose right is checked.</param>
internal abstract record MemberWrite(int RoomId, int PersonId) : MessageWrite(RoomId);

/// <summary>A write with a text.</summary>
/// <param name="Html">The rendered text, with the marks of <see cref="MentionHtml"/>.</param>
internal abstract record TextWrite(int RoomId, int PersonId, string Markdown, string Html) : MemberWrite(RoomId, PersonId)
{
    /// <summary>The handles that the text may mention. They are found before the write is queued, since others wait for its transaction.</summary>
    public IReadOnlyList<string> Handles { get; } = [.. MentionLookup.FindHandles(Html)];

    /// <summary>The rooms that it may link to.</summary>
    public IReadOnlyList<string> LinkKeys { get; } = [.. MentionLookup.FindRooms(Html)];

    /// <summary>The people whom <c>@here</c> mentions, if the text has it.</summary>
    public IReadOnlyList<int> Here { get; init; } = [];
}

/// <summary>A message to store.</summary>
/// <param name="Attachments">Ids of its author's uploads, in order.</param>
internal sealed record NewMessage(
    int RoomId, int PersonId, Guid ClientMessageId, string Markdown, string Html, IReadOnlyList<Guid> Attachments)
    : TextWrite(RoomId, PersonId, Markdown, Html)
{
    /// <summary>For a reply, the sequence of the message that it replies to; null for a message of the room.</summary>
    public long? ThreadRoot { get; init; }

    /// <summary>Whether the room shows it too.</summary>
    public bool IsInRoom { get; init; } = true;
}

/// <summary>A change to a stored message.</summary>
internal interface IMessageRewrite
{
    int RoomId { get; }

    long Sequence { get; }
}

internal sealed record MessageEdit(int RoomId, int PersonId, long Sequence, string Markdown, string Html)
    : TextWrite(RoomId, PersonId, Markdown, Html), IMessageRewrite;

internal sealed record MessageDeletion(int RoomId, int PersonId, long Sequence, bool IsAdmin)
    : MemberWrite(RoomId, PersonId), IMessageRewrite;

/// <summary>A reaction of a person to a message.</summary>
/// <param name="Emoji">As <see cref="Common.Emoji.EmojiList.Find"/> returns it.</param>
/// <param name="IsSet">Whether the person reacts by it, or no longer does.</param>
internal sealed record ReactionChange(int RoomId, int PersonId, long Sequence, string Emoji, bool IsSet)
    : MemberWrite(RoomId, PersonId), IMessageRewrite;

/// <summary>A message is pinned, or no longer is.</summary>
internal sealed record PinChange(int RoomId, int PersonId, long Sequence, bool IsSet) : MemberWrite(RoomId, PersonId), IMessageRewrite;

/// <summary>The new state of the thumbnails of an attachment, sent or not.</summary>
internal sealed record ThumbnailChange(int RoomId, Guid AttachmentId, ThumbnailState State) : MessageWrite(RoomId);
