using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Data.Entities.Notifications;

/// <summary>How a person wants to be notified. A person without a row has the defaults.</summary>
public sealed class NotificationSettings
{
    public const int MaxTimeZoneLength = 64;

    public int UserId { get; init; }

    public ChatUser? User { get; init; }

    /// <summary>The level of rooms for which the person chose none. That of direct messages is everything.</summary>
    public RoomLevel RoomLevel { get; set; } = RoomLevel.Mentions;

    /// <summary>Nothing notifies the person before this time; null when they did not ask for that.</summary>
    public DateTime? DoNotDisturbUntil { get; set; }

    /// <summary>Minutes after midnight in <see cref="QuietTimeZone"/> when the quiet hours begin; null without quiet hours.</summary>
    public int? QuietFrom { get; set; }

    /// <summary>Minutes after midnight when the quiet hours end, perhaps on the next day.</summary>
    public int? QuietTo { get; set; }

    /// <summary>Name of the zone of the quiet hours, as in <c>Europe/Berlin</c>; null for UTC.</summary>
    public string? QuietTimeZone { get; set; }

    /// <summary>Name of the zone where the person is; null until a browser of the person has reported it. It follows the browser that was used last.</summary>
    public string? TimeZone { get; set; }

    /// <summary>Whether an open page plays a sound.</summary>
    public bool PlaysSound { get; set; } = true;

    /// <summary>Minutes after which a mail lists missed messages; null for no mail.</summary>
    public int? MailAfter { get; set; }

    /// <summary>When the person asked for mails. Messages from before that are not mailed.</summary>
    public DateTime? MailFrom { get; set; }

    /// <summary>The time of the newest mail of missed messages; null for none.</summary>
    public DateTime? MailedAt { get; set; }

    /// <summary>The id of the newest direct message or reply in a thread that was mailed. It and older ones are not mailed again.</summary>
    public long LastMailedMessage { get; set; }

    /// <summary>The id of the newest mention that was mailed.</summary>
    public long LastMailedMention { get; set; }

    /// <summary>The number of changes. Of two published ones, the one with the higher number is newer.</summary>
    public int Version { get; set; }
}
