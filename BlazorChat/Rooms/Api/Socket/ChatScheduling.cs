using System.Security.Claims;
using System.Text.Json;
using BlazorChat.Rooms.Scheduled;

namespace BlazorChat.Rooms.Api.Socket;

internal sealed partial class ChatCommands
{
    private const string Schedule = "chat.schedule";
    private const string ChangeScheduled = "chat.scheduled.change";
    private const string CancelScheduled = "chat.scheduled.cancel";
    private const string SendScheduled = "chat.scheduled.send";
    private const string Scheduled = "chat.scheduled";

    private async Task<byte[]> ScheduleAsync(ClaimsPrincipal person, int roomId, ChatCommand command, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case { Type: Schedule, Message: { } text, DueAt: { } dueAt }:
                var id = command.ClientMessageId ?? Guid.NewGuid();
                var message = new NewScheduled(roomId, id, text, dueAt)
                {
                    Attachments = command.Attachments ?? [],
                    ThreadRoot = command.Thread,
                    IsInRoom = command.Thread is null || command.AlsoInRoom == true,
                    TimeZone = command.TimeZone,
                };
                await scheduled.ScheduleAsync(person, message, cancellationToken);
                return Answer(new ChatScheduleAccepted(id));
            case { Type: Schedule }:
                return Error(command, "missing_field", "The fields message and due_at are needed.");
            case { Type: ChangeScheduled, ClientMessageId: { } changed } when command.Message is not null || command.DueAt is not null:
                await scheduled.ChangeAsync(person, changed, command.Message, command.DueAt, command.TimeZone, cancellationToken);
                return Answer(new ChatScheduleAccepted(changed));
            case { Type: ChangeScheduled }:
                return Error(command, "missing_field", "The field client_message_id is needed, and message or due_at.");
            case { Type: CancelScheduled, ClientMessageId: { } cancelled }:
                await scheduled.CancelAsync(person, cancelled, cancellationToken);
                return Answer(new ChatScheduleAccepted(cancelled));
            case { Type: SendScheduled, ClientMessageId: { } sent }:
                return Accepted(await scheduled.SendNowAsync(person, sent, cancellationToken), sent);
            case { Type: Scheduled }:
                commands.Acquire(person);
                var listed = ChatScheduled.From(await scheduled.ListAsync(person, roomId, cancellationToken));
                return JsonSerializer.SerializeToUtf8Bytes(new ChatScheduledList(listed), ChatFramesJson.Default.ChatScheduledList);
            default:
                return Error(command, "missing_field", "The field client_message_id is missing.");
        }
    }

    private static byte[] Answer(ChatScheduleAccepted accepted) => JsonSerializer.SerializeToUtf8Bytes(accepted, ChatFramesJson.Default.ChatScheduleAccepted);
}

/// <summary>The answer to a command that schedules a message, or changes or removes a scheduled one.</summary>
internal sealed record ChatScheduleAccepted(Guid ClientMessageId)
{
    public string Type { get; } = "chat.scheduled.accepted";
}

/// <summary>The scheduled messages of the peer for the room, in the order of their times.</summary>
internal sealed record ChatScheduledList(IReadOnlyList<ChatScheduled> Messages)
{
    public string Type { get; } = "chat.scheduled";
}
