using BlazorChat.Accounts.Mail;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Presence;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Notifications;
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
        if (await MissedMessages.ReadAsync(db, settings, now, cancellationToken) is not { } missed || now - missed.OldestSentAt < after)
            return false;

        var content = Write(missed);
        return await db.InTransactionAsync(
            async token =>
            {
                // Of two nodes that read the same messages, the second one changes no row.
                var changed = await db.NotificationSettings
                    .Where(known => known.UserId == userId && known.MailAfter != null && known.MailedAt == mailedAt)
                    .ExecuteUpdateAsync(
                        known => known
                            .SetProperty(s => s.MailedAt, now)
                            .SetProperty(s => s.LastMailedMessage, missed.LastMessageId)
                            .SetProperty(s => s.LastMailedMention, missed.LastMentionId),
                        token);
                var address = await db.Users.Where(user => user.Id == userId && user.BannedAt == null).Select(user => user.Email).SingleOrDefaultAsync(token);
                if (changed == 0 || address is null)
                    return false;
                outbox.Add(db, MailKind.MissedMessages, address, content);
                return true;
            },
            cancellationToken);
    }

    private MailContent Write(MissedMessages missed)
    {
        var body = new MailBody();
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

    [LoggerMessage(1, LogLevel.Error, "Mails of missed messages could not be written; they are tried again in a minute")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
