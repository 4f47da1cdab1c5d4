using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Rooms;

/// <summary>A person asks the admins to look at a message. It has no copy of the message, and is removed with its room.</summary>
public sealed class MessageReport
{
    public const int MaxNoteLength = 500;

    /// <summary>Ascends in the order in which messages were reported.</summary>
    public long Id { get; init; }

    public long MessageId { get; init; }

    public Message? Message { get; init; }

    public int ReporterId { get; init; }

    public ChatUser? Reporter { get; init; }

    public ReportReason Reason { get; set; }

    /// <summary>What the person adds; empty for nothing.</summary>
    public required string Note { get; set; }

    /// <summary>UTC.</summary>
    public DateTime ReportedAt { get; init; }

    /// <summary>UTC; null while it waits for an admin.</summary>
    public DateTime? ResolvedAt { get; set; }

    public ReportOutcome Outcome { get; set; }
}

/// <summary>Why a message was reported. The numbers are stored.</summary>
public enum ReportReason
{
    Spam = 1,
    Harassment = 2,
    Unlawful = 3,
    Other = 4,
}

/// <summary>What the admins decided. The numbers are stored.</summary>
public enum ReportOutcome
{
    /// <summary>Nothing yet.</summary>
    None = 0,

    Dismissed = 1,

    MessageRemoved = 2,
}
