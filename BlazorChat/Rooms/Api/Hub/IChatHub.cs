namespace BlazorChat.Rooms.Api.Hub;

/// <summary>
/// What a program may call at <c>/hubs/chat</c>, as the bot whose key it shows or the person whose cookie it sends. Calls of one
/// connection are carried out one after the other, in their order; a call that is refused fails with a message
/// <c>code: reason</c>, and the connection stays open. The codes are in docs/protocol.md.
/// </summary>
public interface IChatHub
{
    /// <summary>Says something in a room. It is committed before this returns.</summary>
    /// <param name="clientMessageId">Chosen by the caller: when no answer came, the same call again returns the first receipt.</param>
    /// <param name="message">Markdown of 1 to 8,000 characters.</param>
    Task<ChatReceipt> Send(int roomId, Guid clientMessageId, string message);

    /// <summary>Says something with files, which were uploaded for this room before: see docs/protocol.md.</summary>
    /// <param name="message">Markdown of at most 8,000 characters; empty for the files alone.</param>
    /// <param name="attachments">Ids of the uploads, in order; at most 10.</param>
    /// <inheritdoc cref="Send"/>
    Task<ChatReceipt> SendFiles(int roomId, Guid clientMessageId, string message, IReadOnlyList<Guid> attachments);

    /// <summary>Replaces the text of one's own message; the same text again changes nothing.</summary>
    /// <param name="message">Markdown of 1 to 8,000 characters.</param>
    Task<ChatReceipt> Edit(int roomId, long sequence, string message);

    /// <summary>Empties a message for good; its place in the room stays. Deleting twice is deleting once.</summary>
    Task<ChatReceipt> Delete(int roomId, long sequence);

    /// <summary>Notes that the caller has read a room up to a message; the mark only rises.</summary>
    Task MarkRead(int roomId, long sequence);

    /// <summary>Shows those who have the room open that the caller is writing: to be called again and again while they do.</summary>
    Task Typing(int roomId);

    /// <summary>All rooms that the caller is a member of, by name.</summary>
    Task<IReadOnlyList<ChatRoom>> Rooms();

    /// <summary>
    /// Everything that happens in a room after a revision, in order, until it is cancelled: nothing is lost, doubled or reordered,
    /// on whatever node one goes on. At most 32 on one connection.
    /// </summary>
    /// <param name="afterRevision">The newest <see cref="ChatChange.Revision"/> that the caller has; 0 for everything; null from now on.</param>
    IAsyncEnumerable<ChatChange> Follow(int roomId, long? afterRevision, CancellationToken cancellationToken);
}

/// <summary>What a program is told at <c>/hubs/chat</c> without having asked.</summary>
public interface IChatClient
{
    /// <summary>The key was revoked, or the sign-in has ended; the connection is closed next.</summary>
    /// <param name="reason">For people.</param>
    Task SignInEnded(string reason);

    /// <summary>The caller has become a member of a room, or is one no longer.</summary>
    Task MembershipChanged(int roomId, bool isMember);

    /// <summary>Something of the above may have been missed: ask for <see cref="IChatHub.Rooms"/> again. What is followed misses nothing.</summary>
    Task Gap();
}

/// <summary>A message is written.</summary>
/// <param name="Sequence">Its place in the room, from 1.</param>
/// <param name="Revision">The room's, at this change.</param>
public sealed record ChatReceipt(long Sequence, long Revision);

/// <param name="LastSequence">Of the newest message; 0 while there is none.</param>
/// <param name="Unread">How many messages the caller has not read.</param>
public sealed record ChatRoom(int Id, string Name, bool IsPrivate, long LastSequence, long Unread);

/// <summary>What has become of a message: the whole of it as it is now.</summary>
/// <param name="Type">One of <see cref="Created"/>, <see cref="Updated"/> and <see cref="Deleted"/>.</param>
/// <param name="Revision">From 1; to go on after this change, follow from here.</param>
/// <param name="Message">As it was written, in Markdown; empty when it is deleted.</param>
/// <param name="Html">Sanitised and safe to show.</param>
/// <param name="SentAt">UTC, as all times here.</param>
/// <param name="EditedAt">Null while it is as it was sent.</param>
/// <param name="DeletedAt">Null unless it is deleted.</param>
/// <param name="Attachments">Files, in their order.</param>
public sealed record ChatChange(
    string Type,
    int RoomId,
    long Sequence,
    long Revision,
    int AuthorId,
    string AuthorName,
    Guid ClientMessageId,
    string Message,
    string Html,
    DateTime SentAt,
    DateTime? EditedAt,
    DateTime? DeletedAt,
    IReadOnlyList<ChatAttachment> Attachments)
{
    public const string Created = "created";
    public const string Updated = "updated";
    public const string Deleted = "deleted";

    internal static ChatChange From(MessageView message) => new(
        message switch
        {
            { DeletedAt: not null } => Deleted,
            { IsNew: true } => Created,
            _ => Updated,
        },
        message.RoomId,
        message.Sequence,
        message.Revision,
        message.AuthorId,
        message.AuthorName,
        message.ClientMessageId,
        message.Markdown,
        message.Html,
        message.SentAt,
        message.EditedAt,
        message.DeletedAt,
        [.. message.Attachments.Select(ChatAttachment.From)]);
}
