using System.Security.Claims;
using System.Text.Json;
using BlazorChat.Common;
using BlazorChat.Rooms.Messages;

namespace BlazorChat.Rooms.Api.Socket;

/// <summary>Executes the commands of the chat's sockets.</summary>
internal sealed partial class ChatCommands(Conversation conversation, ILogger<ChatCommands> logger)
{
    private const string Send = "chat.message.send";
    private const string Edit = "chat.message.edit";
    private const string Delete = "chat.message.delete";
    private const string Read = "chat.read";
    private const string Unread = "chat.unread";
    private const string Typing = "chat.typing";

    /// <returns>The answer: accepted or an error; null for a successful command that has no answer.</returns>
    public async Task<byte[]?> ExecuteAsync(ClaimsPrincipal person, int roomId, ChatCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await DispatchAsync(person, roomId, command, cancellationToken);
        }
        catch (RefusedException refused)
        {
            return Error(command, refused.WireCode, refused.Message, refused.RetryAfterSeconds);
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
            case { Type: null or Send, Message: { } text }:
                var id = command.ClientMessageId ?? Guid.NewGuid();
                return Accepted(await conversation.SendAsync(person, roomId, id, text, command.Attachments ?? [], cancellationToken), id);
            case { Type: null or Send }:
                return Error(command, "missing_field", "The field message is missing.");
            case { Type: Edit, Sequence: { } sequence, Message: { } text }:
                return Accepted(await conversation.EditAsync(person, roomId, sequence, text, cancellationToken));
            case { Type: Edit }:
                return Error(command, "missing_field", "An edit needs the fields sequence and message.");
            case { Type: Delete, Sequence: { } sequence }:
                return Accepted(await conversation.DeleteAsync(person, roomId, sequence, cancellationToken));
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
            default:
                return Error(command, "unknown_command", $"There is no command of this type; there are {Send}, {Edit}, {Delete}, {Read}, {Unread} and {Typing}.");
        }
    }

    private static byte[] Accepted(MessageView message, Guid? id = null) => JsonSerializer.SerializeToUtf8Bytes(
        new ChatAccepted(id, message.Sequence, message.Revision), ChatFramesJson.Default.ChatAccepted);

    private static byte[] Error(ChatCommand command, string code, string message, int? retryAfter = null) => JsonSerializer.SerializeToUtf8Bytes(
        new ChatError(code, message, command.ClientMessageId, command.Sequence, retryAfter), ChatFramesJson.Default.ChatError);

    [LoggerMessage(1, LogLevel.Error, "A command to room {RoomId} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, int roomId);
}
