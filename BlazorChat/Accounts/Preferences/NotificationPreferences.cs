using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Preferences;

/// <summary>
/// Reads and changes how people want to be notified. A change is published to all pages of the person, and counts against
/// <see cref="CommandLimit"/>.
/// </summary>
internal sealed class NotificationPreferences(
    IDbContextFactory<ChatDbContext> databases, CommandLimit commands, IChannelLayer layer, TimeProvider time)
{
    /// <summary>The most people in one query.</summary>
    private const int BatchSize = 256;

    private const int MinutesOfDay = 24 * 60;

    /// <summary>The longest time for which one may ask not to be disturbed.</summary>
    public static readonly TimeSpan MaxDoNotDisturb = TimeSpan.FromDays(31);

    public async Task<NotificationChoices> GetAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        var userId = person.UserId;
        return (await ReadAsync([userId], cancellationToken))[userId];
    }

    /// <summary>The choices of people, of each of them once.</summary>
    public async Task<IReadOnlyDictionary<int, NotificationChoices>> ReadAsync(IReadOnlyCollection<int> userIds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var choices = userIds.Distinct().ToDictionary(id => id, _ => NotificationChoices.Default);
        foreach (var ids in choices.Keys.ToArray().Chunk(BatchSize))
        {
            var stored = await db.NotificationSettings.AsNoTracking().Where(settings => ids.Contains(settings.UserId)).ToListAsync(cancellationToken);
            foreach (var settings in stored)
                choices[settings.UserId] = NotificationChoices.Of(settings);
        }

        return choices;
    }

    /// <summary>Sets the level of rooms for which the person chose none.</summary>
    /// <exception cref="RefusedException">There is no such level, or too many commands.</exception>
    public Task<NotificationChoices> SetRoomLevelAsync(ClaimsPrincipal person, RoomLevel level, CancellationToken cancellationToken) =>
        Enum.IsDefined(level)
            ? ChangeAsync(person, settings => settings.RoomLevel = level, cancellationToken)
            : throw new RefusedException(RefusalCode.Invalid, AccountTexts.Get("RoomLevelUnknown"));

    /// <summary>Begins or ends do-not-disturb.</summary>
    /// <param name="until">UTC, at most <see cref="MaxDoNotDisturb"/> from now; null or a time that has passed to end it.</param>
    /// <exception cref="RefusedException">The time is too far away, or too many commands.</exception>
    public async Task<NotificationChoices> SetDoNotDisturbAsync(ClaimsPrincipal person, DateTime? until, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (until - now > MaxDoNotDisturb)
            throw new RefusedException(RefusalCode.Invalid, AccountTexts.Get("DoNotDisturbTooLong"));
        var choices = await ChangeAsync(person, settings => settings.DoNotDisturbUntil = until > now ? until : null, cancellationToken);
        var changed = new DoNotDisturbChanged(person.UserId, choices.DoNotDisturbUntil);
        await layer.PublishAsync(PersonGroups.Statuses, changed, CancellationToken.None);
        return choices;
    }

    /// <summary>Sets the quiet hours.</summary>
    /// <param name="hours">Seconds are ignored; null for none.</param>
    /// <param name="timeZone">The zone of their clock, as in <c>Europe/Berlin</c>. It stays when the person travels.</param>
    /// <exception cref="RefusedException">They begin when they end, there is no such zone, or too many commands.</exception>
    public Task<NotificationChoices> SetQuietHoursAsync(
        ClaimsPrincipal person, QuietHours? hours, string timeZone, CancellationToken cancellationToken)
    {
        CheckZone(timeZone);
        var (from, to) = (MinuteOf(hours?.From), MinuteOf(hours?.To));
        if (from is not null && from == to)
            throw new RefusedException(RefusalCode.Invalid, AccountTexts.Get("QuietHoursEmpty"));
        return ChangeAsync(person, settings => (settings.QuietFrom, settings.QuietTo, settings.QuietTimeZone) = (from, to, timeZone), cancellationToken);
    }

    /// <summary>Sets the time zone where the person is.</summary>
    /// <param name="timeZone">As in <c>Europe/Berlin</c>.</param>
    /// <exception cref="RefusedException">There is no such zone, or too many commands.</exception>
    public Task<NotificationChoices> SetTimeZoneAsync(ClaimsPrincipal person, string timeZone, CancellationToken cancellationToken)
    {
        CheckZone(timeZone);
        return ChangeAsync(person, settings => settings.TimeZone = timeZone, cancellationToken);
    }

    /// <summary>Sets whether open pages play a sound.</summary>
    /// <exception cref="RefusedException">Too many commands.</exception>
    public Task<NotificationChoices> SetSoundAsync(ClaimsPrincipal person, bool plays, CancellationToken cancellationToken) =>
        ChangeAsync(person, settings => settings.PlaysSound = plays, cancellationToken);

    /// <summary>Sets when a mail lists missed messages. Those from before the person asked for mails are not among them.</summary>
    /// <param name="minutes">1 to 1440; null for no mail.</param>
    /// <exception cref="RefusedException">Another number of minutes, or too many commands.</exception>
    public Task<NotificationChoices> SetMailAfterAsync(ClaimsPrincipal person, int? minutes, CancellationToken cancellationToken)
    {
        if (minutes is < 1 or > MinutesOfDay)
            throw new RefusedException(RefusalCode.Invalid, AccountTexts.Get("MailAfterInvalid"));
        return ChangeAsync(
            person,
            settings =>
            {
                if (settings.MailAfter is null)
                    settings.MailFrom = time.GetUtcNow().UtcDateTime;
                settings.MailAfter = minutes;
            },
            cancellationToken);
    }

    private async Task<NotificationChoices> ChangeAsync(ClaimsPrincipal person, Action<NotificationSettings> change, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        var userId = person.UserId;
        var choices = NotificationChoices.Of(await databases.InTransactionAsync(
            async (db, token) =>
            {
                // Writing the person's row first locks it, so that two simultaneous changes do not both add the settings.
                await db.Users.Where(user => user.Id == userId).ExecuteUpdateAsync(
                    user => user.SetProperty(u => u.CreatedAt, u => u.CreatedAt), token);
                var settings = await db.NotificationSettings.SingleOrDefaultAsync(known => known.UserId == userId, token);
                if (settings is null)
                    db.Add(settings = new NotificationSettings { UserId = userId });
                change(settings);
                settings.Version++;
                return settings;
            },
            cancellationToken));
        await layer.PublishAsync(PersonGroups.Of(userId), new NotificationChoicesChanged(choices), CancellationToken.None);
        return choices;
    }

    private static void CheckZone(string timeZone)
    {
        if (timeZone.Length > NotificationSettings.MaxTimeZoneLength || !TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone) || !zone.HasIanaId)
            throw new RefusedException(RefusalCode.Invalid, AccountTexts.Get("TimeZoneUnknown"));
    }

    private static int? MinuteOf(TimeOnly? clock) => clock is { } at ? (at.Hour * 60) + at.Minute : null;
}
