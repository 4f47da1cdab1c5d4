using System.Text.Json.Serialization;

namespace BlazorChat.Rooms.Api.Scheduling;

/// <summary>The body of a post that schedules a message, or of a put that changes one.</summary>
/// <param name="Message">Null in a put for the same text.</param>
/// <param name="ClientMessageId">A post that is repeated with the same id replaces the scheduled message.</param>
/// <param name="DueAt">With a zone or an offset; null in a put for the same time.</param>
/// <param name="TimeZone">The IANA name of the zone in which the time was chosen; null for UTC, in a put for the same zone.</param>
/// <param name="Attachments">Ids of files that were uploaded for the message. A put does not change them.</param>
/// <param name="Thread">The message that it replies to; null for a message of the room.</param>
/// <param name="AlsoInRoom">Whether the room shows a reply too.</param>
internal sealed record ApiScheduled(
    string? Message,
    Guid? ClientMessageId,
    DateTimeOffset? DueAt,
    string? TimeZone = null,
    IReadOnlyList<Guid>? Attachments = null,
    long? Thread = null,
    bool AlsoInRoom = false);

/// <summary>The body of a post that adds a reminder, or gives one another time.</summary>
/// <param name="Text">What the person is reminded of; null for a message.</param>
/// <param name="ClientId">A post that is repeated with the same id adds one reminder.</param>
internal sealed record ApiReminder(DateTimeOffset? DueAt, string? TimeZone = null, string? Text = null, Guid? ClientId = null);

/// <summary>The answer to a post that has scheduled a message.</summary>
internal sealed record ApiScheduledId(Guid ClientMessageId);

[JsonSerializable(typeof(ApiScheduled))]
[JsonSerializable(typeof(ApiScheduledId))]
[JsonSerializable(typeof(IReadOnlyList<ChatScheduled>))]
[JsonSerializable(typeof(ApiReminder))]
[JsonSerializable(typeof(IReadOnlyList<ChatReminder>))]
[JsonSerializable(typeof(ChatReceipt))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class ScheduledFramesJson : JsonSerializerContext;
