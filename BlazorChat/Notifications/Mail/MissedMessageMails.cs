using BlazorChat.Accounts.Mail;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Presence;
using BlazorChat.Common.Localization;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Markup;
using BlazorChat.Rooms.Reminders;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Notifications.Mail;

/// <summary>
/// Mails people the mentions, direct messages and replies that they did not read in the time that they chose: all in one mail, and each message once. People who
/// are active are not mailed. The mail and
/// what it had are stored in one transaction that locks the person, so any number of nodes may do this.
/// </summary>
internal sealed partial class MissedMessageMails(
    IDbContextFactory<ChatDbContext> databases,
    MailOutbox outbox,
    PresenceDirectory presence,
    TimeProvider time,
    ILogger<MissedMessageMails> logger) : BackgroundService
{
    /// <summary>The most people in one query.</summary>
    private const int BatchSize = 256;

    /// <summary>The shortest time between two mails to a person.</summary>
    internal static readonly TimeSpan MinPause = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!outbox.IsOn)
            return;
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryAddDueAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task TryAddDueAsync(CancellationToken cancellationToken)
    {
        try
        {
            await AddDueAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, exception);
        }
    }

    /// <summary>Adds the mails that are due to the outbox.</summary>
    internal async Task AddDueAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<int> ids = [];
        do
        {
            ids = await ReadPeopleAsync(ids is [.., var last] ? last : 0, cancellationToken);
            foreach (var id in ids)
            {
                if (await TryAddAsync(id, cancellationToken))
                    outbox.Notify();
            }
        }
        while (ids.Count == BatchSize);
    }

    private async Task<IReadOnlyList<int>> ReadPeopleAsync(int after, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.NotificationSettings
            .Where(settings => settings.UserId > after && settings.MailAfter != null)
            .Where(settings => settings.User!.BannedAt == null && !settings.User.IsBot && settings.User.Email != null)
            .OrderBy(settings => settings.UserId)
            .Select(settings => settings.UserId)
            .Take(BatchSize)
            .ToListAsync(cancellationToken);
    }

    private async Task<bool> TryAddAsync(int userId, CancellationToken cancellationToken)
    {
        // Who is active sees what is unread.
        if (presence.IsActive(userId))
            return false;
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var settings = await db.NotificationSettings.AsNoTracking().SingleOrDefaultAsync(known => known.UserId == userId, cancellationToken);
        if (settings is not { MailAfter: { } minutes } || NotificationChoices.Of(settings).QuietUntil(now) is not null)
            return false;
        var (after, mailedAt) = (TimeSpan.FromMinutes(minutes), settings.MailedAt);
        if (now - mailedAt < (after > MinPause ? after : MinPause))
            return false;
        using var language = SiteLanguages.Switch(
            await db.Users.Where(user => user.Id == userId).Select(user => user.Language ?? user.SeenLanguage).SingleOrDefaultAsync(cancellationToken));
        var missed = await MissedMessages.ReadAsync(db, settings, now, cancellationToken);
        if (missed is not null && now - missed.OldestSentAt < after)
            missed = null;
        var reminders = await ReadRemindersAsync(db, settings, now - after, cancellationToken);
        if (missed is null && reminders.Count == 0)
            return false;

        var reminderIds = reminders.Select(reminder => reminder.Id).ToArray();
        var (lastMessage, lastMention) = (missed?.LastMessageId ?? settings.LastMailedMessage, missed?.LastMentionId ?? settings.LastMailedMention);
        var content = Write(missed, reminders);
        return await db.InTransactionAsync(
            async token =>
            {
                // Of two nodes that read the same messages, the second one changes no row.
                var changed = await db.NotificationSettings
                    .Where(known => known.UserId == userId && known.MailAfter != null && known.MailedAt == mailedAt)
                    .ExecuteUpdateAsync(
                        known => known
                            .SetProperty(s => s.MailedAt, now)
                            .SetProperty(s => s.LastMailedMessage, lastMessage)
                            .SetProperty(s => s.LastMailedMention, lastMention),
                        token);
                await db.Reminders.Where(reminder => reminderIds.Contains(reminder.Id) && reminder.IsDue)
                    .ExecuteUpdateAsync(reminder => reminder.SetProperty(r => r.MailedAt, now), token);
                var address = await db.Users.Where(user => user.Id == userId && user.BannedAt == null).Select(user => user.Email).SingleOrDefaultAsync(token);
                if (changed == 0 || address is null)
                    return false;
                outbox.Add(db, MailKind.MissedMessages, address, content);
                return true;
            },
            cancellationToken);
    }

    /// <summary>The reminders of a person that have been due for a while and were not mailed.</summary>
    private static async Task<IReadOnlyList<DueReminder>> ReadRemindersAsync(
        ChatDbContext db, NotificationSettings settings, DateTime before, CancellationToken cancellationToken)
    {
        var (userId, since) = (settings.UserId, settings.MailFrom);
        var due = await MessageReminders.Readable(db)
            .Where(reminder => reminder.UserId == userId && reminder.IsDue && reminder.MailedAt == null && reminder.DueAt <= before && reminder.DueAt >= since)
            .OrderBy(reminder => reminder.DueAt)
            .Select(reminder => new { reminder.Id, reminder.Text, reminder.Message!.Html, Author = reminder.Message.Author!.DisplayName })
            .Take(MissedMessages.MaxListed)
            .ToListAsync(cancellationToken);
        return [.. due.Select(reminder => new DueReminder(
            reminder.Id, reminder.Author, reminder.Html is { } html ? HtmlText.Read(html, MissedMessages.MaxText) : reminder.Text))];
    }

    private MailContent Write(MissedMessages? missed, IReadOnlyList<DueReminder> reminders)
    {
        var body = new MailBody();
        foreach (var reminder in reminders)
        {
            body.AddQuote(
                reminder.Author is { } author ? NotificationTexts.Get("ReminderOf", author) : NotificationTexts.Get("Reminder"),
                reminder.Text.Length > 0 ? reminder.Text : NotificationTexts.Get("MissedFile").ToString());
        }

        if (reminders.Count > 0)
            body.AddLink(NotificationTexts.Get("OpenReminders"), outbox.LinkTo("saved"));
        if (missed is null)
        {
            return body
                .AddLink(NotificationTexts.Get("ChangeMails"), outbox.LinkTo("account/notifications"))
                .ToContent(NotificationTexts.Count("ReminderSubject", reminders.Count));
        }

        if (missed.HasMore)
            body.AddText(NotificationTexts.Get("MissedMore", missed.Newest.Count)).AddLink(NotificationTexts.Get("OpenUnread"), outbox.LinkTo("unread"));
        foreach (var message in missed.Newest)
        {
            var author = message.RoomName is { } room
                ? NotificationTexts.Get("MissedInRoom", message.Author, room)
                : NotificationTexts.Get("MissedDirect", message.Author);
            body.AddQuote(author, message.Text);
            body.AddLink(NotificationTexts.Get("OpenMessage"), outbox.LinkTo(message.Address));
        }

        return body
            .AddLink(NotificationTexts.Get("ChangeMails"), outbox.LinkTo("account/notifications"))
            .ToContent(NotificationTexts.Count("MissedSubject", missed.Count));
    }

    /// <param name="Author">Of the message; null for a text of the person.</param>
    private sealed record DueReminder(long Id, string? Author, string Text);

    [LoggerMessage(1, LogLevel.Error, "Mails of missed messages could not be written; they are tried again in a minute")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
