using System.Text.Json.Serialization;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Accounts.Preferences;

/// <summary>How a person wants to be notified.</summary>
/// <param name="RoomLevel">The level of rooms for which the person chose none. That of direct messages is everything.</param>
/// <param name="DoNotDisturbUntil">UTC; null when the person did not ask for it. It may be over.</param>
/// <param name="QuietHours">Null for none.</param>
/// <param name="TimeZone">The zone where the person is; null until a browser of the person has reported it.</param>
/// <param name="MailAfter">Minutes after which a mail lists missed messages; null for no mail.</param>
/// <param name="Version">Incremented by each change.</param>
public sealed record NotificationChoices(
    RoomLevel RoomLevel, DateTime? DoNotDisturbUntil, QuietHours? QuietHours, string? TimeZone, bool PlaysSound, int? MailAfter, int Version)
{
    public static NotificationChoices Default { get; } = Of(new NotificationSettings());

    /// <summary>The zone of the quiet hours, which the person chose with them; null for UTC.</summary>
    public string? QuietTimeZone { get; init; }

    /// <summary>The zone where the person is, UTC until it is known.</summary>
    [JsonIgnore]
    public TimeZoneInfo Zone => Find(TimeZone);

    /// <summary>The time until which nothing notifies the person; null when they may be notified now.</summary>
    /// <param name="now">UTC.</param>
    public DateTime? QuietUntil(DateTime now)
    {
        var paused = DoNotDisturbUntil > now ? DoNotDisturbUntil : null;
        // Do not disturb may end in the quiet hours.
        var end = QuietHours?.EndAt(paused ?? now, Find(QuietTimeZone));
        return end ?? paused;
    }

    internal static NotificationChoices Of(NotificationSettings settings) => new(
        settings.RoomLevel,
        settings.DoNotDisturbUntil,
        settings is { QuietFrom: { } from, QuietTo: { } to } ? new QuietHours(AtMinute(from), AtMinute(to)) : null,
        settings.TimeZone,
        settings.PlaysSound,
        settings.MailAfter,
        settings.Version)
    {
        QuietTimeZone = settings.QuietTimeZone,
    };

    private static TimeZoneInfo Find(string? name) =>
        name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    private static TimeOnly AtMinute(int minute) => new(minute / 60, minute % 60);
}
