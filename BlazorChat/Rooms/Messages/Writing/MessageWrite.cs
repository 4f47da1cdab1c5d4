using BlazorChat.Data.Entities;
using BlazorChat.Rooms.Links;
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

    /// <summary>The links that get a preview.</summary>
    public IReadOnlyList<FoundLink> Links { get; init; } = [];
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

    /// <summary>What it asks; null for a message that is no poll.</summary>
    public NewPoll? Poll { get; init; }

    /// <summary>Whether its author wrote it earlier, and so has not read what is before it now.</summary>
    public bool IsScheduled { get; init; }
}

/// <summary>A poll to store.</summary>
/// <param name="Options">Distinct texts.</param>
/// <param name="EndsAt">UTC, when it ends by itself; null for never.</param>
internal sealed record NewPoll(IReadOnlyList<string> Options, bool IsMultiple, bool IsAnonymous, DateTime? EndsAt);

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

/// <summary>An admin deletes a message, in whatever room it is, also in one that is archived.</summary>
internal sealed record ModeratorDeletion(int RoomId, long Sequence) : MessageWrite(RoomId), IMessageRewrite;

/// <summary>A reaction of a person to a message.</summary>
/// <param name="Emoji">As <see cref="Common.Emoji.EmojiList.Find"/> returns it, or the name of a custom one with its colons.</param>
/// <param name="IsSet">Whether the person reacts by it, or no longer does.</param>
internal sealed record ReactionChange(int RoomId, int PersonId, long Sequence, string Emoji, bool IsSet)
    : MemberWrite(RoomId, PersonId), IMessageRewrite;

/// <summary>What a person chooses in a poll.</summary>
/// <param name="Options">All that they choose: ascending numbers, each once; none to withdraw the vote.</param>
internal sealed record VoteChange(int RoomId, int PersonId, long Sequence, IReadOnlyList<int> Options) : MemberWrite(RoomId, PersonId), IMessageRewrite;

/// <summary>A person ends a poll.</summary>
internal sealed record PollClosing(int RoomId, int PersonId, long Sequence) : MemberWrite(RoomId, PersonId), IMessageRewrite;

/// <summary>A poll ends because its time has come.</summary>
internal sealed record PollEnd(int RoomId, long Sequence) : MessageWrite(RoomId), IMessageRewrite;

/// <summary>A message is pinned, or no longer is.</summary>
internal sealed record PinChange(int RoomId, int PersonId, long Sequence, bool IsSet) : MemberWrite(RoomId, PersonId), IMessageRewrite;

/// <summary>A person removes a preview from a message.</summary>
/// <param name="PreviewId">Null for all.</param>
internal sealed record PreviewRemoval(int RoomId, int PersonId, long Sequence, Guid? PreviewId, bool IsAdmin) : MemberWrite(RoomId, PersonId), IMessageRewrite;

/// <summary>A page was found at an address that a message links to.</summary>
internal sealed record PreviewChange(int RoomId, long Sequence, string AddressKey, PreviewView Preview) : MessageWrite(RoomId), IMessageRewrite;

/// <summary>The new state of the thumbnails of an attachment, sent or not.</summary>
internal sealed record ThumbnailChange(int RoomId, Guid AttachmentId, ThumbnailState State) : MessageWrite(RoomId);
