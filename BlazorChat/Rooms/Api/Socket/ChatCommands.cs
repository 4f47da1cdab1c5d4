using System.Security.Claims;
using System.Text.Json;
using BlazorChat.Accounts.Limits;
using BlazorChat.Common;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Messages.Versions;
using BlazorChat.Rooms.Pins;
using BlazorChat.Rooms.Polls;
using BlazorChat.Rooms.Previews;
using BlazorChat.Rooms.Reactions;
using BlazorChat.Rooms.Reminders;
using BlazorChat.Rooms.Scheduled;
using BlazorChat.Rooms.Search;
using BlazorChat.Rooms.Threads;

namespace BlazorChat.Rooms.Api.Socket;

/// <summary>Executes the commands of the chat's sockets.</summary>
internal sealed partial class ChatCommands(
    Conversation conversation,
    MessageReactions reactions,
    MessagePins pins,
    RoomPolls polls,
    ScheduledMessages scheduled,
    MessagePreviews previews,
    MessageReminders reminders,
    ThreadDirectory threads,
    ThreadFollows follows,
    EditHistory history,
    RoomPresence presence,
    ChatLists lists,
    RoomSearch search,
    CommandLimit commands,
    ILogger<ChatCommands> logger)
{
    private const string Send = "chat.message.send";
    private const string Edit = "chat.message.edit";
    private const string Delete = "chat.message.delete";
    private const string Read = "chat.read";
    private const string Unread = "chat.unread";
    private const string Typing = "chat.typing";
    private const string Presence = "chat.presence";
    private const string Room = "chat.room";
    private const string Mentions = "chat.mentions";
    private const string Threads = "chat.threads";
    private const string Versions = "chat.versions";
    private const string FollowThread = "chat.thread.follow";
    private const string UnfollowThread = "chat.thread.unfollow";

    /// <summary>Executed by the socket itself, since it lasts.</summary>
    public const string FollowPresence = "chat.presence.follow";

    /// <returns>The answer: accepted or an error; null for a successful command that has no answer.</returns>
    public async Task<byte[]?> ExecuteAsync(ClaimsPrincipal person, int roomId, ChatCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await DispatchAsync(person, roomId, command, cancellationToken);
        }
        catch (RefusedException refused)
        {
            return Refuse(command, refused);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(logger, exception, roomId);
            return Error(command, "failed", "The server failed. Send the command again, a message with the same id.");
        }
    }

    private async ValueTask<byte[]?> DispatchAsync(
        ClaimsPrincipal person, int roomId, ChatCommand command, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case { Type: null or Send, Message: not null, Poll: not null }:
                return await SendPollAsync(person, roomId, command, cancellationToken);
            case { Type: null or Send, Message: { } text, Thread: { } thread }:
                var replyId = command.ClientMessageId ?? Guid.NewGuid();
                var reply = await conversation.ReplyAsync(
                    person, roomId, thread, replyId, text, command.Attachments ?? [], command.AlsoInRoom ?? false, cancellationToken);
                return Accepted(reply, replyId);
            case { Type: null or Send, Message: { } text }:
                var id = command.ClientMessageId ?? Guid.NewGuid();
                return Accepted(await conversation.SendAsync(person, roomId, id, text, command.Attachments ?? [], cancellationToken), id);
            case { Type: null or Send }:
                return Error(command, "missing_field", "The field message is missing.");
            case { Type: Edit, Sequence: { } sequence, Message: { } text }:
                return Accepted(await conversation.EditAsync(person, roomId, sequence, text, cancellationToken));
            case { Type: Edit, Thread: { } thread, Reply: { } number, Message: { } text }:
                var edited = await threads.FindSequenceAsync(roomId, thread, number, cancellationToken);
                return Accepted(await conversation.EditAsync(person, roomId, edited, text, cancellationToken));
            case { Type: Edit }:
                return Error(command, "missing_field", "An edit needs the field message, and either sequence, or thread and reply.");
            case { Type: Delete, Sequence: { } sequence }:
                return Accepted(await conversation.DeleteAsync(person, roomId, sequence, cancellationToken));
            case { Type: Delete, Thread: { } thread, Reply: { } number }:
                var deleted = await threads.FindSequenceAsync(roomId, thread, number, cancellationToken);
                return Accepted(await conversation.DeleteAsync(person, roomId, deleted, cancellationToken));
            case { Type: React or Unreact }:
                return await ReactAsync(person, roomId, command, cancellationToken);
            case { Type: Vote or ReadVote or EndPoll }:
                return await VoteAsync(person, roomId, command, cancellationToken);
            case { Type: Pin or Unpin or Pins }:
                return await PinAsync(person, roomId, command, cancellationToken);
            case { Type: Schedule or ChangeScheduled or CancelScheduled or SendScheduled or Scheduled }:
                return await ScheduleAsync(person, roomId, command, cancellationToken);
            case { Type: RemovePreview }:
                return await RemovePreviewAsync(person, roomId, command, cancellationToken);
            case { Type: Remind or Snooze or EndReminder or Reminders }:
                return await RemindAsync(person, roomId, command, cancellationToken);
            case { Type: Read, Thread: { } thread, Reply: { } number }:
                await follows.MarkReadAsync(person, roomId, thread, number, cancellationToken);
                return null;
            case { Type: FollowThread, Thread: { } thread }:
                await follows.FollowAsync(person, roomId, thread, cancellationToken);
                return null;
            case { Type: UnfollowThread, Thread: { } thread }:
                await follows.UnfollowAsync(person, roomId, thread, cancellationToken);
                return null;
            case { Type: FollowThread or UnfollowThread }:
                return Error(command, "missing_field", "The field thread is missing.");
            case { Type: Threads }:
                commands.Acquire(person);
                var followed = ChatThread.From(await threads.ListAsync(person, roomId, before: null, cancellationToken));
                return JsonSerializer.SerializeToUtf8Bytes(new ChatThreadList(followed), ChatFramesJson.Default.ChatThreadList);
            case { Type: Versions, Sequence: not null } or { Type: Versions, Thread: not null, Reply: not null }:
                var key = command.Sequence ?? await threads.FindSequenceAsync(roomId, command.Thread!.Value, command.Reply!.Value, cancellationToken);
                var versions = ChatVersion.From(await history.ReadAsync(person, roomId, key, command.Before, cancellationToken));
                return JsonSerializer.SerializeToUtf8Bytes(
                    new ChatVersionList(command.Sequence, command.Thread, command.Reply, versions), ChatFramesJson.Default.ChatVersionList);
            case { Type: Versions }:
                return Error(command, "missing_field", "The command needs either sequence, or thread and reply.");
            case { Type: Read, Sequence: { } sequence }:
                await conversation.MarkReadAsync(person, roomId, sequence, cancellationToken);
                return null;
            case { Type: Unread, Sequence: { } sequence }:
                await conversation.MarkUnreadAsync(person, roomId, sequence, cancellationToken);
                return null;
            case { Type: Delete or Read or Unread }:
                return Error(command, "missing_field", "The field sequence is missing.");
            case { Type: Typing }:
                await conversation.TypingAsync(person, roomId, cancellationToken);
                return null;
            case { Type: Presence }:
                var people = ChatPresence.From(await presence.ListAsync(person, roomId, cancellationToken));
                return JsonSerializer.SerializeToUtf8Bytes(new ChatPresenceList(people), ChatFramesJson.Default.ChatPresenceList);
            case { Type: Room }:
                var room = await lists.GetRoomAsync(person, roomId, cancellationToken);
                return JsonSerializer.SerializeToUtf8Bytes(new ChatRoomFrame(room), ChatFramesJson.Default.ChatRoomFrame);
            case { Type: Mentions }:
                var mentions = await lists.ListMentionsAsync(person, roomId, command.Before, cancellationToken);
                return JsonSerializer.SerializeToUtf8Bytes(new ChatMentionList(mentions), ChatFramesJson.Default.ChatMentionList);
            case { Type: Find }:
                return await FindAsync(person, roomId, command, cancellationToken);
            default:
                return Error(
                    command,
                    "unknown_command",
                    $"There is no command of this type; there are {Send}, {Edit}, {Delete}, {React}, {Unreact}, {Pin}, {Unpin}, {Pins}, {RemovePreview}, {Schedule}, {ChangeScheduled}, {CancelScheduled}, {SendScheduled}, {Scheduled}, {Remind}, {Snooze}, {EndReminder}, {Reminders}, {Vote}, {ReadVote}, {EndPoll}, {Read}, {Unread}, {Typing}, {Presence}, {FollowPresence}, {Room}, {Mentions}, {Threads}, {Versions}, {FollowThread}, {UnfollowThread} and {Find}.");
        }
    }

    private static byte[] Accepted(MessageView message, Guid? id = null) => JsonSerializer.SerializeToUtf8Bytes(
        new ChatAccepted(id, Math.Max(0, message.Sequence), message.Revision)
        {
            Thread = message.ThreadRoot,
            Reply = message.ReplyNumber,
            RoomIsText = message.RoomIsText ? true : null,
        },
        ChatFramesJson.Default.ChatAccepted);

    /// <summary>The answer to a command that was refused.</summary>
    public static byte[] Refuse(ChatCommand command, RefusedException refused) =>
        Error(command, refused.WireCode, refused.Message, refused.RetryAfterSeconds);

    private static byte[] Error(ChatCommand command, string code, string message, int? retryAfter = null) => JsonSerializer.SerializeToUtf8Bytes(
        new ChatError(code, message, command.ClientMessageId, command.Sequence, retryAfter) { Thread = command.Thread, Reply = command.Reply },
        ChatFramesJson.Default.ChatError);

    [LoggerMessage(1, LogLevel.Error, "A command to room {RoomId} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, int roomId);
}
