using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Api.Bots;

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

    /// <summary>Replies to a message in its thread.</summary>
    /// <param name="thread">The sequence of the message, which is no reply itself.</param>
    /// <param name="alsoInRoom">Whether the room shows the reply too.</param>
    /// <inheritdoc cref="SendFiles"/>
    Task<ChatReceipt> Reply(int roomId, long thread, Guid clientMessageId, string message, IReadOnlyList<Guid> attachments, bool alsoInRoom);

    /// <summary>Replaces the text of the caller's own message. The same text again changes nothing.</summary>
    /// <param name="message">Markdown of 1 to 8,000 characters.</param>
    Task<ChatReceipt> Edit(int roomId, long sequence, string message);

    /// <summary>The same for a reply, by its number in its thread.</summary>
    /// <inheritdoc cref="Edit"/>
    Task<ChatReceipt> EditReply(int roomId, long thread, long reply, string message);

    /// <summary>Deletes the content of a message; its sequence stays in use. Deleting it again changes nothing.</summary>
    Task<ChatReceipt> Delete(int roomId, long sequence);

    /// <summary>The same for a reply, by its number in its thread.</summary>
    Task<ChatReceipt> DeleteReply(int roomId, long thread, long reply);

    /// <summary>Adds a reaction of the caller to a message, or removes it. Repeating the call changes nothing.</summary>
    /// <param name="emoji">One emoji of Unicode's. A message has at most 20 different ones.</param>
    /// <param name="isSet">Whether the caller reacts by it, or no longer does.</param>
    Task<ChatReceipt> React(int roomId, long sequence, string emoji, bool isSet);

    /// <summary>The same for a reply, by its number in its thread.</summary>
    /// <inheritdoc cref="React"/>
    Task<ChatReceipt> ReactToReply(int roomId, long thread, long reply, string emoji, bool isSet);

    /// <summary>
    /// Removes the preview of a link from a message, or all of them. The author may, and an owner of the room or an admin. Repeating the call changes
    /// nothing.
    /// </summary>
    /// <param name="preview">The <see cref="ChatPreview.Id"/>; null for all.</param>
    Task<ChatReceipt> RemovePreview(int roomId, long sequence, Guid? preview);

    /// <summary>The same for a reply, by its number in its thread.</summary>
    /// <inheritdoc cref="RemovePreview"/>
    Task<ChatReceipt> RemoveReplyPreview(int roomId, long thread, long reply, Guid? preview);

    /// <summary>Pins a message in its room, or unpins it. Every member may do both. Repeating the call changes nothing.</summary>
    /// <param name="isSet">Whether it is pinned afterwards. A room has at most 50 pinned messages.</param>
    Task<ChatReceipt> Pin(int roomId, long sequence, bool isSet);

    /// <summary>The same for a reply, by its number in its thread.</summary>
    /// <inheritdoc cref="Pin"/>
    Task<ChatReceipt> PinReply(int roomId, long thread, long reply, bool isSet);

    /// <summary>Sends a poll, whose question is the message.</summary>
    /// <param name="message">Markdown of 1 to 8,000 characters.</param>
    /// <inheritdoc cref="Send"/>
    Task<ChatReceipt> SendPoll(int roomId, Guid clientMessageId, string message, ChatNewPoll poll);

    /// <summary>Sets what the caller chooses in a poll, until it ends. Repeating the call changes nothing.</summary>
    /// <param name="options">The numbers of all options that the caller chooses, from 1; none to withdraw the vote.</param>
    Task<ChatReceipt> Vote(int roomId, long sequence, IReadOnlyList<int> options);

    /// <summary>What the caller chose in a poll.</summary>
    Task<ChatVote> ReadVote(int roomId, long sequence);

    /// <summary>Ends a poll of the caller, or as an owner of the room. Repeating the call changes nothing.</summary>
    Task<ChatReceipt> EndPoll(int roomId, long sequence);

    /// <summary>The pinned messages and replies of a room, those first that were pinned last.</summary>
    Task<IReadOnlyList<ChatMessage>> Pins(int roomId);

    /// <summary>Schedules a message; one of the caller's with the same id is replaced.</summary>
    /// <param name="clientMessageId">Chosen by the caller. The message is sent with it.</param>
    /// <param name="message">Markdown of at most 8,000 characters; empty for files alone.</param>
    /// <param name="dueAt">From a minute to a year from now.</param>
    /// <param name="options">Files, a thread and the time zone; null for none.</param>
    Task Schedule(int roomId, Guid clientMessageId, string message, DateTimeOffset dueAt, ChatScheduleOptions? options);

    /// <summary>Changes the text or the time of a scheduled message.</summary>
    /// <param name="message">Null for the same text.</param>
    /// <param name="dueAt">Null for the same time.</param>
    /// <param name="timeZone">The IANA name of the zone in which the time was chosen; null for the same one.</param>
    Task ChangeScheduled(Guid clientMessageId, string? message, DateTimeOffset? dueAt, string? timeZone);

    /// <summary>Removes a scheduled message. Removing it again changes nothing.</summary>
    Task CancelScheduled(Guid clientMessageId);

    /// <summary>Sends a scheduled message now, also one that could not be sent.</summary>
    Task<ChatReceipt> SendScheduled(Guid clientMessageId);

    /// <summary>The scheduled messages of the caller, in the order of their times; at most 100.</summary>
    Task<IReadOnlyList<ChatScheduled>> Scheduled();

    /// <summary>Reminds the caller of a message. A message has one reminder, which gets the new time.</summary>
    /// <param name="dueAt">At most a year from now.</param>
    /// <param name="timeZone">The IANA name of the zone in which the time was chosen; null for UTC.</param>
    Task Remind(int roomId, long sequence, DateTimeOffset dueAt, string? timeZone);

    /// <summary>The same for a reply, by its number in its thread.</summary>
    /// <inheritdoc cref="Remind"/>
    Task RemindOfReply(int roomId, long thread, long reply, DateTimeOffset dueAt, string? timeZone);

    /// <summary>Reminds the caller of a text. The same id again replaces the text and the time.</summary>
    /// <param name="clientId">Chosen by the caller.</param>
    /// <param name="text">1 to 500 characters.</param>
    /// <inheritdoc cref="Remind"/>
    Task RemindOfText(Guid clientId, string text, DateTimeOffset dueAt, string? timeZone);

    /// <summary>Gives a reminder another time.</summary>
    /// <inheritdoc cref="Remind"/>
    Task SnoozeReminder(long id, DateTimeOffset dueAt, string? timeZone);

    /// <summary>Removes a reminder, which is done or no longer wanted. Removing it again changes nothing.</summary>
    Task EndReminder(long id);

    /// <summary>The reminders of the caller, first those that are due; at most 200.</summary>
    Task<IReadOnlyList<ChatReminder>> Reminders();

    /// <summary>The earlier texts of an edited message, newest first; at most 50.</summary>
    /// <param name="before">The <see cref="ChatVersion.Revision"/> of the last one of the previous call; null for the newest ones.</param>
    Task<IReadOnlyList<ChatVersion>> Versions(int roomId, long sequence, long? before);

    /// <summary>The same for a reply, by its number in its thread.</summary>
    /// <inheritdoc cref="Versions"/>
    Task<IReadOnlyList<ChatVersion>> ReplyVersions(int roomId, long thread, long reply, long? before);

    /// <summary>Marks a room as read up to a message. A smaller sequence changes nothing, but raises what <see cref="MarkUnread"/> has marked.</summary>
    Task MarkRead(int roomId, long sequence);

    /// <summary>Marks a message and all after it as unread, until the caller reads on.</summary>
    Task MarkUnread(int roomId, long sequence);

    /// <summary>Marks a thread that the caller follows as read up to a reply. A smaller number changes nothing.</summary>
    Task MarkThreadRead(int roomId, long thread, long reply);

    /// <summary>Follows a thread, or no longer does. A caller who replies in it or is mentioned in it follows it.</summary>
    Task FollowThread(int roomId, long thread, bool isFollowed);

    /// <summary>The threads that the caller follows in rooms that are not archived, by their newest replies; at most 50.</summary>
    /// <param name="beforeTime">The <see cref="ChatThread.LastReplyAt"/> of the last one of the previous call; null for the first ones.</param>
    /// <param name="beforeId">Its <see cref="ChatThread.Id"/>.</param>
    Task<IReadOnlyList<ChatThread>> Threads(DateTime? beforeTime, long? beforeId);

    /// <summary>Chooses which messages of a room call the caller.</summary>
    /// <param name="level"><c>everything</c>, <c>mentions</c>, <c>nothing</c> to mute the room, or <c>default</c>.</param>
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

    /// <summary>The messages that the caller may read and that match a query, newest first; at most 20.</summary>
    /// <param name="query">Words, phrases in quotation marks, and filters: see docs/protocol.md. Dates are in UTC.</param>
    /// <param name="roomId">The only room that is searched; null for all.</param>
    /// <param name="after">The <see cref="ChatSearchPage.Next"/> of the previous page; null for the first page.</param>
    Task<ChatSearchPage> Search(string query, int? roomId, string? after);

    /// <summary>The members of a room who are connected, by id; at most 1,000. While nodes are not connected, those of other nodes are missing.</summary>
    Task<IReadOnlyList<ChatPresence>> Presence(int roomId);

    /// <summary>
    /// Everybody who is connected and in a room with the caller, and then how their presence and status change, until the call is cancelled: at
    /// most once a second, and at most 1,000 people at once.
    /// </summary>
    IAsyncEnumerable<ChatPresencePage> FollowPresence(CancellationToken cancellationToken);

    /// <summary>Sets the caller's status; without emoji and text it is cleared.</summary>
    /// <param name="emoji">One emoji, or empty.</param>
    /// <param name="text">One line of at most 100 characters, or empty.</param>
    /// <param name="until">UTC, when it ends by itself, within 31 days; null for never.</param>
    Task SetStatus(string emoji, string text, DateTime? until);

    /// <summary>Replaces the commands that people write to the bot, at most 20. The same list again changes nothing.</summary>
    Task SetCommands(IReadOnlyList<ChatBotCommand> commands);

    /// <summary>The commands that people have written to the bot and that it has not acknowledged, the oldest first; at most 50.</summary>
    /// <param name="after">The <see cref="ChatCall.Id"/> of the last one of the previous call; null for the oldest ones.</param>
    Task<IReadOnlyList<ChatCall>> Calls(long? after);

    /// <summary>Acknowledges a command that was carried out. Repeating the call changes nothing. After a day it is gone anyway.</summary>
    Task AcknowledgeCall(long id);

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

    /// <summary>
    /// A message mentions the caller, as a person or as one of all members of the room, or no longer does: see <see cref="IChatHub.Mentions"/>.
    /// </summary>
    Task MentionsChanged(int roomId);

    /// <summary>The caller has read a room, or marked messages as unread, on any connection. Calls may arrive late: see <see cref="ChatRead"/>.</summary>
    Task RoomRead(ChatRead read);

    /// <summary>The caller has read a thread, or follows it or no longer does, on any connection. Calls may arrive late.</summary>
    Task ThreadRead(ChatThreadRead read);

    /// <summary>A reminder of the caller is due, on any connection: see <see cref="IChatHub.Reminders"/>.</summary>
    Task ReminderDue(long id);

    /// <summary>Somebody has written a command to the bot: call <see cref="IChatHub.Calls"/>.</summary>
    Task Called();

    /// <summary>Some of these calls may be missing: call <see cref="IChatHub.Rooms"/> again. Followed rooms miss nothing.</summary>
    Task Gap();
}

/// <summary>What a scheduled message has besides its text and time.</summary>
/// <param name="Attachments">Ids of uploads for the room, in order; null for none.</param>
/// <param name="Thread">The sequence of the message that it replies to; null for a message of the room.</param>
/// <param name="AlsoInRoom">Whether the room shows a reply too.</param>
/// <param name="TimeZone">The IANA name of the zone in which the time was chosen; null for UTC.</param>
public sealed record ChatScheduleOptions(
    IReadOnlyList<Guid>? Attachments = null, long? Thread = null, bool AlsoInRoom = false, string? TimeZone = null);

/// <summary>The settings of a room after a change.</summary>
/// <param name="Name">Empty for a deleted room, like the texts.</param>
/// <param name="IsArchived">It can be read, and nobody writes in it.</param>
/// <param name="Version">Incremented by each change.</param>
public sealed record ChatRoomState(
    int Id, string Name, bool IsPrivate, string Topic, string Description, bool IsArchived, bool IsDeleted, int Version)
{
    /// <inheritdoc cref="ChatRoom.OnlyOwnersMentionRoom"/>
    public bool OnlyOwnersMentionRoom { get; init; }

    internal static ChatRoomState From(RoomChanged room) => new(
        room.RoomId, room.Name, room.Kind != RoomKind.Open, room.Topic, room.Description, room.ArchivedAt is not null, room.IsDeleted, room.Version)
    {
        OnlyOwnersMentionRoom = room.OnlyOwnersMentionRoom,
    };
}

/// <summary>How far the caller has read a room.</summary>
/// <param name="Sequence">The newest message that the caller has read. It only rises: ignore a lower one.</param>
/// <param name="UnreadFrom">
/// The first message that the caller marked as unread; null without such a mark. Ignore it when <paramref name="Mark"/> is lower than the newest one, or
/// when it is as high and this message is lower.
/// </param>
/// <param name="Mark">The number of the mark; 0 for none.</param>
public sealed record ChatRead(int RoomId, long Sequence, long? UnreadFrom, int Mark);

/// <summary>How far the caller has read a thread.</summary>
/// <param name="Thread">The sequence of its first message.</param>
/// <param name="Reply">
/// Number of the newest reply that the caller has read. It only rises while they follow the thread; null when they no longer follow it.
/// </param>
public sealed record ChatThreadRead(int RoomId, long Thread, long? Reply);
