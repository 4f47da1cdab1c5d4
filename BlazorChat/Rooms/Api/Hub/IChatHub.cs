using BlazorChat.Data.Entities;
using BlazorChat.Rooms.Directory;

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

    /// <summary>Marks a room as read up to a message. A smaller sequence changes nothing, but raises what <see cref="MarkUnread"/> has marked.</summary>
    Task MarkRead(int roomId, long sequence);

    /// <summary>Marks a message and all after it as unread, until the caller reads on.</summary>
    Task MarkUnread(int roomId, long sequence);

    /// <summary>Chooses which messages of a room call the caller.</summary>
    /// <param name="level"><c>everything</c>, <c>mentions</c>, or <c>nothing</c> to mute the room.</param>
    Task SetLevel(int roomId, string level);

    /// <summary>Shows the caller as typing for a few seconds. Repeat the call while they type.</summary>
    Task Typing(int roomId);

    /// <summary>
    /// The rooms that the caller is a member of and that are not archived, by name; direct rooms from their first message on.
    /// </summary>
    Task<IReadOnlyList<ChatRoom>> Rooms();

    /// <summary>Returns the id of the direct room of the caller and these people, which is created when there is none.</summary>
    /// <param name="personIds">People and bots, at most 19 besides the caller; nobody for notes to oneself.</param>
    Task<int> OpenDirect(IReadOnlyList<int> personIds);

    /// <summary>The messages that mention the caller, newest first, from rooms that the caller may read now; at most 50.</summary>
    /// <param name="before">The <see cref="ChatMention.Id"/> of the last one of the previous call; null for the newest ones.</param>
    Task<IReadOnlyList<ChatMention>> Mentions(long? before);

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

    /// <summary>The caller was added to a room or removed from it, or a direct room of the caller has its first message.</summary>
    Task MembershipChanged(int roomId, bool isMember);

    /// <summary>
    /// A room that the caller may see was created, changed, archived or deleted. Calls may arrive late: ignore one whose
    /// <see cref="ChatRoomState.Version"/> is not higher than the newest one of the room. A deleted room never returns.
    /// </summary>
    Task RoomChanged(ChatRoomState room);

    /// <summary>A message mentions the caller, or no longer does: see <see cref="IChatHub.Mentions"/>. It is not called for mentions of all members.</summary>
    Task MentionsChanged(int roomId);

    /// <summary>Some of these calls may be missing: call <see cref="IChatHub.Rooms"/> again. Followed rooms miss nothing.</summary>
    Task Gap();
}

/// <summary>A room of the caller.</summary>
/// <param name="Name">For a direct room, the names of its other people.</param>
/// <param name="IsPrivate">Whether only members see it.</param>
/// <param name="LastSequence">The sequence of the newest message; 0 when there is none.</param>
/// <param name="Unread">The number of messages that the caller has not read, or has marked as unread.</param>
public sealed record ChatRoom(int Id, string Name, bool IsPrivate, long LastSequence, long Unread)
{
    public const string Open = "open";
    public const string Private = "private";
    public const string Direct = "direct";

    /// <summary><see cref="Open"/>, <see cref="Private"/> or <see cref="Direct"/>.</summary>
    public string Kind { get; init; } = Open;

    /// <summary>Empty for none.</summary>
    public string Topic { get; init; } = "";

    /// <summary>Empty for none.</summary>
    public string Description { get; init; } = "";

    /// <summary>Incremented by each change that <see cref="IChatClient.RoomChanged"/> reports.</summary>
    public int Version { get; init; }

    /// <summary>The first message that the caller marked as unread; null without such a mark.</summary>
    public long? UnreadFrom { get; init; }

    /// <summary>Which messages call the caller: <c>everything</c>, <c>mentions</c>, or <c>nothing</c> when the room is muted.</summary>
    public string Level { get; init; } = "";

    public bool IsFavourite { get; init; }

    internal static ChatRoom From(RoomView room) => new(room.Id, room.Name, room.Kind != RoomKind.Open, room.LastSequence, room.Unread)
    {
        Kind = room.Kind switch
        {
            RoomKind.Direct => Direct,
            RoomKind.Private => Private,
            _ => Open,
        },
        Topic = room.Topic ?? "",
        Description = room.Description ?? "",
        Version = room.Version,
        UnreadFrom = room.UnreadFrom,
        Level = ChatLevel.Of(room.Level),
        IsFavourite = room.IsFavourite,
    };
}

/// <summary>The settings of a room after a change.</summary>
/// <param name="Name">Empty for a deleted room, like the texts.</param>
/// <param name="IsArchived">It can be read, and nobody writes in it.</param>
/// <param name="Version">Incremented by each change.</param>
public sealed record ChatRoomState(
    int Id, string Name, bool IsPrivate, string Topic, string Description, bool IsArchived, bool IsDeleted, int Version)
{
    internal static ChatRoomState From(RoomChanged room) => new(
        room.RoomId, room.Name, room.Kind != RoomKind.Open, room.Topic, room.Description, room.ArchivedAt is not null, room.IsDeleted, room.Version);
}

/// <summary>A message that mentions the caller.</summary>
/// <param name="Id">Newer mentions have higher ids.</param>
/// <param name="IsForRoom">Whether it mentions all members of the room, and not the caller.</param>
public sealed record ChatMention(long Id, string RoomName, bool IsForRoom, ChatMessage Message);
