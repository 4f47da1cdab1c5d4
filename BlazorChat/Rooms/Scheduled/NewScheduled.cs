using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Rooms.Scheduled;

/// <summary>A message that is to be sent later.</summary>
/// <param name="ClientMessageId">An id that the author's client chose, not all zeros. The message is sent with it.</param>
/// <param name="Markdown">May be empty with attachments.</param>
internal sealed record NewScheduled(int RoomId, Guid ClientMessageId, string Markdown, DateTimeOffset DueAt)
{
    /// <summary>Uploads of the author for this room that were not sent yet, in order.</summary>
    public IReadOnlyList<Guid> Attachments { get; init; } = [];

    /// <summary>For a reply, the sequence of the message that it replies to; null for a message of the room.</summary>
    public long? ThreadRoot { get; init; }

    /// <summary>Whether the room shows a reply too.</summary>
    public bool IsInRoom { get; init; } = true;

    /// <summary>What has become of one that is restored.</summary>
    public ScheduleState State { get; init; }

    /// <summary>The IANA name of the zone in which the time was chosen; null for UTC.</summary>
    public string? TimeZone { get; init; }
}
