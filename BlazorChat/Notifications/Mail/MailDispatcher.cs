using BlazorChat.Accounts.Mail;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Notifications.Mail;

/// <summary>
/// Sends the mails of the outbox. A node leases those that are due, so that no other node sends them meanwhile. A mail is sent at least once: a node
/// that stops between sending and deleting it sends it again, with the same <c>Message-Id</c>.
/// </summary>
internal sealed partial class MailDispatcher(
    IDbContextFactory<ChatDbContext> databases,
    MailOutbox outbox,
    MailSender sender,
    IEnumerable<IMailWriter> writers,
    TimeProvider time,
    ILogger<MailDispatcher> logger) : BackgroundService
{
    /// <summary>The number of mails that one connection sends.</summary>
    internal const int BatchSize = 10;

    /// <summary>Longer than a batch takes: two timeouts for each mail.</summary>
    internal static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>The delays after each failed attempt; after the last one a mail is given up. Together they are less than a day.</summary>
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(4), TimeSpan.FromHours(18),
    ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (outbox.HasNoAddress)
            LogNoAddress(logger);
        if (!outbox.IsOn)
            return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await SendBatchAsync(stoppingToken) > 0)
                {
                }

                await outbox.WaitAsync(Interval, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogFailed(logger, exception);
                await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Sends some of the mails that are due.</summary>
    /// <returns>The number of mails that were leased.</returns>
    internal async Task<int> SendBatchAsync(CancellationToken cancellationToken)
    {
        var leased = await LeaseAsync(cancellationToken);
        if (leased.Count == 0)
            return 0;
        await using var connection = sender.Open();
        foreach (var mail in leased)
            await SendAsync(connection, mail, cancellationToken);
        return leased.Count;
    }

    private async Task<IReadOnlyList<OutgoingMail>> LeaseAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var due = await db.OutgoingMails.AsNoTracking()
            .Where(mail => mail.DueAt <= now && mail.LeasedUntil <= now)
            .OrderBy(mail => mail.DueAt)
            .Take(BatchSize)
            .ToListAsync(cancellationToken);
        var leased = new List<OutgoingMail>();
        foreach (var mail in due)
        {
            var (id, until) = (mail.Id, now + LeaseDuration);
            // An attempt counts when it begins, so that a mail that stops its node is given up too.
            var changed = await db.OutgoingMails
                .Where(known => known.Id == id && known.DueAt <= now && known.LeasedUntil <= now)
                .ExecuteUpdateAsync(
                    known => known.SetProperty(m => m.LeasedUntil, until).SetProperty(m => m.Attempts, m => m.Attempts + 1), cancellationToken);
            if (changed == 0)
                continue;
            mail.LeasedUntil = until;
            mail.Attempts++;
            leased.Add(mail);
        }

        return leased;
    }

    private async Task SendAsync(MailSender.Connection connection, OutgoingMail mail, CancellationToken cancellationToken)
    {
        try
        {
            if (await WriteAsync(mail, cancellationToken) is { } written)
            {
                await connection.SendAsync(mail.Id, written.To, written.Content, cancellationToken);
                LogSent(logger, mail.Kind, mail.Id);
            }
        }
        catch (MailNotSentException refused) when (!refused.IsFinal && mail.Attempts <= Delays.Length)
        {
            var delay = Delays[mail.Attempts - 1];
            LogDelayed(logger, mail.Kind, mail.Id, refused.Message, delay);
            await DelayAsync(mail, delay, cancellationToken);
            return;
        }
        catch (MailNotSentException refused)
        {
            LogGivenUp(logger, mail.Kind, mail.Id, refused.Message);
        }

        // It was sent or given up: a stop of this node must not leave it in the outbox.
        await DeleteAsync(mail, CancellationToken.None);
    }

    private async Task<WrittenMail?> WriteAsync(OutgoingMail mail, CancellationToken cancellationToken) =>
        mail is { Subject: { } subject, Text: { } text, Html: { } html }
            ? new WrittenMail(mail.To, new MailContent(subject, text, html))
            : await writers.Single(writer => writer.Kind == mail.Kind).WriteAsync(mail.To, cancellationToken);

    private async Task DelayAsync(OutgoingMail mail, TimeSpan delay, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var (id, lease, due) = (mail.Id, mail.LeasedUntil, now + delay);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.OutgoingMails
            .Where(known => known.Id == id && known.LeasedUntil == lease)
            .ExecuteUpdateAsync(known => known.SetProperty(m => m.DueAt, due).SetProperty(m => m.LeasedUntil, now), cancellationToken);
    }

    private async Task DeleteAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var id = mail.Id;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.OutgoingMails.Where(known => known.Id == id).ExecuteDeleteAsync(cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Warning, "No mail is sent: Mail:Host is set, but Shell:PublicUrl, which links in mails begin with, is not")]
    private static partial void LogNoAddress(ILogger logger);

    [LoggerMessage(2, LogLevel.Error, "Mails could not be sent; they are tried again in a few seconds")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(3, LogLevel.Information, "A mail of kind {Kind} was sent: {Id}")]
    private static partial void LogSent(ILogger logger, MailKind kind, Guid id);

    [LoggerMessage(4, LogLevel.Warning, "A mail of kind {Kind} was not sent: {Id} ({Reason}); it is tried again in {Delay}")]
    private static partial void LogDelayed(ILogger logger, MailKind kind, Guid id, string reason, TimeSpan delay);

    [LoggerMessage(5, LogLevel.Error, "A mail of kind {Kind} is given up: {Id} ({Reason})")]
    private static partial void LogGivenUp(ILogger logger, MailKind kind, Guid id, string reason);
}
