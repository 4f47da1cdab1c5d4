using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Rooms;

/// <summary>
/// A message that is to be sent later. It is removed when it is sent. It outlives its room, so that its author does not lose the text.
/// </summary>
public sealed class ScheduledMessage
{
    /// <summary>UTF-16 code units of the name of a time zone.</summary>
    public const int MaxTimeZoneLength = 64;

    public int AuthorId { get; init; }

    public ChatUser? Author { get; init; }

    /// <summary>Chosen by the author's client. The message is sent with it, so that it is sent once.</summary>
    public Guid ClientMessageId { get; init; }

    /// <summary>The number of a room that may be deleted.</summary>
    public int RoomId { get; set; }

    /// <summary>For a reply, the sequence of the message that it replies to.</summary>
    public long? ThreadRoot { get; set; }

    /// <summary>Whether the room shows a reply too.</summary>
    public bool IsInRoom { get; set; }

    public required string Markdown { get; set; }

    /// <summary>UTC; of one that was removed, when that was.</summary>
    public DateTime DueAt { get; set; }

    /// <summary>The IANA name of the zone in which the time was chosen.</summary>
    public required string TimeZone { get; set; }

    public ScheduleState State { get; set; }

    /// <summary>UTC, when a node takes it: the due time, or the end of the lease of the node that sends it. Null after a failure.</summary>
    public DateTime? NextAttemptAt { get; set; }

    /// <summary>The number of attempts to send it, also of those that stopped their node.</summary>
    public int Attempts { get; set; }

    public List<ScheduledFile> Files { get; } = [];
}

/// <summary>A file of a scheduled message: an upload that is not sent yet.</summary>
public sealed class ScheduledFile
{
    public Guid AttachmentId { get; init; }

    public Attachment? Attachment { get; init; }

    public int AuthorId { get; init; }

    public Guid ClientMessageId { get; init; }

    /// <summary>Its place among the files of the message, from 0.</summary>
    public int Position { get; set; }
}

/// <summary>What becomes of a scheduled message. Values from <see cref="Failed"/> on are failures. Stored as numbers.</summary>
public enum ScheduleState
{
    Waiting = 0,

    /// <summary>A node sends it. It can't be changed any more.</summary>
    Sending = 1,

    /// <summary>Its author has removed it. Only its id is left, so that a call that schedules it and arrives late does not bring it back.</summary>
    Removed = 2,

    /// <summary>It was refused for another reason, or the server failed again and again.</summary>
    Failed = 10,

    /// <summary>Its author may no longer write in the room, or the room is deleted.</summary>
    NoAccess = 11,

    /// <summary>The room is archived.</summary>
    RoomArchived = 12,

    /// <summary>The message that it replies to is deleted.</summary>
    ThreadGone = 13,

    /// <summary>A file was removed.</summary>
    FileGone = 14,
}
