using System.Text.Json.Serialization;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Reminders;
using BlazorChat.Rooms.Scheduled;

namespace BlazorChat.Rooms.Api;

/// <summary>A message that its author has scheduled.</summary>
/// <param name="ClientMessageId">The id that its author chose; the message is sent with it.</param>
/// <param name="Message">Markdown.</param>
/// <param name="DueAt">UTC.</param>
/// <param name="TimeZone">The IANA name of the zone in which the time was chosen.</param>
/// <param name="State"><c>waiting</c>, <c>sending</c> while it can't be changed any more, or <c>failed</c>.</param>
public sealed record ChatScheduled(Guid ClientMessageId, int RoomId, string Message, DateTime DueAt, string TimeZone, string State)
{
    /// <summary>For a reply, the sequence of the message that it replies to; null for a message of the room.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Thread { get; init; }

    /// <summary>True for a reply that the room shows too; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? AlsoInRoom { get; init; }

    /// <summary>Names of its files, in order; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>Why it was not sent: a sentence for people.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    internal static IReadOnlyList<ChatScheduled> From(IReadOnlyList<ScheduledItem> scheduled) => [.. scheduled.Select(From)];

    private static ChatScheduled From(ScheduledItem item) => new(
        item.Id,
        item.RoomId,
        item.Markdown,
        item.DueAt,
        item.TimeZone,
        item.State switch
        {
            ScheduleState.Waiting => "waiting",
            ScheduleState.Sending => "sending",
            _ => "failed",
        })
    {
        Thread = item.Thread,
        AlsoInRoom = item is { Thread: not null, IsInRoom: true } ? true : null,
        Files = item.Files.Count > 0 ? item.Files : null,
        Reason = item.Failure?.ToString(),
    };
}

/// <summary>A reminder of the caller: of a message, or of a text.</summary>
/// <param name="DueAt">UTC.</param>
/// <param name="TimeZone">The IANA name of the zone in which the time was chosen.</param>
/// <param name="IsDue">Whether it has called the caller, and is neither done nor snoozed.</param>
public sealed record ChatReminder(long Id, DateTime DueAt, string TimeZone, bool IsDue)
{
    /// <summary>Null for a text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatMessage? Message { get; init; }

    /// <summary>Null for a message.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    internal static IReadOnlyList<ChatReminder> From(IEnumerable<ReminderItem> reminders) =>
    [
        .. reminders.Select(item => new ChatReminder(item.Id, item.DueAt, item.TimeZone, item.IsDue)
        {
            Message = item.Message is { } message ? ChatMessage.From(message) : null,
            Text = item.Message is null ? item.Text : null,
        }),
    ];
}
