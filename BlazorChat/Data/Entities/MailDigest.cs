namespace BlazorChat.Data.Entities;

/// <summary>The newest mail of missed messages to a person. What it and earlier ones had is not mailed again.</summary>
public sealed class MailDigest
{
    public int UserId { get; init; }

    public ChatUser? User { get; init; }

    /// <summary>The newest direct message that was mailed; 0 for none.</summary>
    public long LastMessageId { get; set; }

    /// <summary>The newest mention that was mailed; 0 for none.</summary>
    public long LastMentionId { get; set; }

    public DateTime SentAt { get; set; }
}
