using System.Security.Claims;
using System.Text.Json;

namespace BlazorChat.Rooms.Api.Socket;

internal sealed partial class ChatCommands
{
    private const string Remind = "chat.remind";
    private const string Snooze = "chat.reminder.snooze";
    private const string EndReminder = "chat.reminder.end";
    private const string Reminders = "chat.reminders";

    private async Task<byte[]?> RemindAsync(ClaimsPrincipal person, int roomId, ChatCommand command, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case { Type: Remind, Thread: { } thread, Reply: { } number, DueAt: { } dueAt }:
                var key = await threads.FindSequenceAsync(roomId, thread, number, cancellationToken);
                await reminders.RemindAsync(person, roomId, key, dueAt, command.TimeZone, cancellationToken);
                return null;
            case { Type: Remind, Sequence: { } sequence, DueAt: { } dueAt }:
                await reminders.RemindAsync(person, roomId, sequence, dueAt, command.TimeZone, cancellationToken);
                return null;
            case { Type: Remind, Message: { } text, DueAt: { } dueAt }:
                await reminders.RemindAsync(person, command.ClientMessageId ?? Guid.NewGuid(), text, dueAt, command.TimeZone, cancellationToken);
                return null;
            case { Type: Snooze, Reminder: { } id, DueAt: { } dueAt }:
                await reminders.SnoozeAsync(person, id, dueAt, command.TimeZone, cancellationToken);
                return null;
            case { Type: EndReminder, Reminder: { } id }:
                await reminders.EndAsync(person, id, cancellationToken);
                return null;
            case { Type: Reminders }:
                commands.Acquire(person);
                var listed = await reminders.ListAsync(person, cancellationToken);
                // A socket lists its own room only, and what is of no room.
                var own = ChatReminder.From(listed.Where(reminder => reminder.Message is null || reminder.Message.RoomId == roomId));
                return JsonSerializer.SerializeToUtf8Bytes(new ChatReminderList(own), ChatFramesJson.Default.ChatReminderList);
            default:
                return Error(command, "missing_field", "A reminder needs due_at, and a sequence, thread and reply, or a message; another command the field reminder.");
        }
    }
}

/// <summary>The reminders of the peer of messages of the room, and of texts: first those that are due.</summary>
internal sealed record ChatReminderList(IReadOnlyList<ChatReminder> Reminders)
{
    public string Type { get; } = "chat.reminders";
}
