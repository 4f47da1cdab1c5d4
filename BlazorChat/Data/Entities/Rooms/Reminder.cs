using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Rooms;

/// <summary>What a person wants to be reminded of: a message, or a text of their own. It is removed when it is done, and with its message.</summary>
public sealed class Reminder
{
    /// <summary>UTF-16 code units.</summary>
    public const int MaxTextLength = 500;

    public const int MaxTimeZoneLength = 64;

    public long Id { get; init; }

    public int UserId { get; init; }

    public ChatUser? User { get; init; }

    /// <summary>Chosen by the person's client, so that a repeated command adds one reminder.</summary>
    public Guid ClientId { get; init; }

    /// <summary>Null for a text.</summary>
    public long? MessageId { get; init; }

    public Message? Message { get; init; }

    /// <summary>Empty for a message.</summary>
    public required string Text { get; set; }

    /// <summary>UTC.</summary>
    public DateTime DueAt { get; set; }

    /// <summary>The IANA name of the zone in which the time was chosen.</summary>
    public required string TimeZone { get; set; }

    /// <summary>Whether it has called its person, and is neither done nor snoozed.</summary>
    public bool IsDue { get; set; }

    /// <summary>The number of its times. A device shows the newest one.</summary>
    public int Version { get; set; }

    /// <summary>When a mail had it; null for none since it is due.</summary>
    public DateTime? MailedAt { get; set; }
}
