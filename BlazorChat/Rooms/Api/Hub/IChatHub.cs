namespace BlazorChat.Rooms.Api.Hub;

/// <summary>
/// The calls of a program at <c>/hubs/chat</c>. The program acts as the bot of its key or the person of its cookie. The calls of one connection are
/// executed in order. A refused call fails with the message <c>code: reason</c>, and the connection stays open; docs/protocol.md has the codes.
/// </summary>
public interface IChatHub
{
    /// <summary>Sends a message to a room and returns when it is committed.</summary>
    /// <param name="clientMessageId">Chosen by the caller. Repeating the call with the same id returns the first receipt.</param>
    /// <param name="message">Markdown of 1 to 8,000 characters.</param>
    Task<ChatReceipt> Send(int roomId, Guid clientMessageId, string message);

    /// <summary>Sends a message with files that were uploaded for this room: see docs/protocol.md.</summary>
    /// <param name="message">Markdown of at most 8,000 characters; empty for the files alone.</param>
    /// <param name="attachments">Ids of the uploads, in order; at most 10.</param>
    /// <inheritdoc cref="Send"/>
    Task<ChatReceipt> SendFiles(int roomId, Guid clientMessageId, string message, IReadOnlyList<Guid> attachments);

    /// <summary>Replaces the text of the caller's own message. The same text again changes nothing.</summary>
    /// <param name="message">Markdown of 1 to 8,000 characters.</param>
    Task<ChatReceipt> Edit(int roomId, long sequence, string message);

    /// <summary>Deletes the content of a message; its sequence stays in use. Deleting it again changes nothing.</summary>
    Task<ChatReceipt> Delete(int roomId, long sequence);

    /// <summary>Marks a room as read up to a message. A smaller sequence changes nothing.</summary>
    Task MarkRead(int roomId, long sequence);

    /// <summary>Shows the caller as typing for a few seconds. Repeat the call while they type.</summary>
    Task Typing(int roomId);

    /// <summary>The rooms that the caller is a member of, by name.</summary>
    Task<IReadOnlyList<ChatRoom>> Rooms();

    /// <summary>
    /// The changes of a room after a revision, in order, until the call is cancelled. No change is lost, doubled or reordered, also when the program
    /// continues on another node. At most 32 calls on one connection.
    /// </summary>
    /// <param name="afterRevision">The newest <see cref="ChatMessage.Revision"/> that the caller has; 0 for all changes; null for those from now on.</param>
    IAsyncEnumerable<ChatMessage> Follow(int roomId, long? afterRevision, CancellationToken cancellationToken);
}

/// <summary>The calls of the server to a program at <c>/hubs/chat</c>.</summary>
public interface IChatClient
{
    /// <summary>The key was revoked, or the session has ended. The server closes the connection next.</summary>
    /// <param name="reason">A sentence for people.</param>
    Task SignInEnded(string reason);

    /// <summary>The caller was added to a room or removed from it.</summary>
    Task MembershipChanged(int roomId, bool isMember);

    /// <summary>Some of these calls may be missing: call <see cref="IChatHub.Rooms"/> again. Followed rooms miss nothing.</summary>
    Task Gap();
}

/// <summary>A room of the caller.</summary>
/// <param name="LastSequence">The sequence of the newest message; 0 when there is none.</param>
/// <param name="Unread">The number of messages that the caller has not read.</param>
public sealed record ChatRoom(int Id, string Name, bool IsPrivate, long LastSequence, long Unread);
