using BlazorChat.Accounts.Mail;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Notifications;
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

    /// <summary>Longer than a batch lasts: two timeouts for each mail.</summary>
    internal static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>A node that stops waits no longer for the database.</summary>
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The delays after each failed attempt; after the last one a mail is given up. Together they are less than a day.</summary>
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(4), TimeSpan.FromHours(18),
    ];

    /// <summary>The leased mails whose result is not stored yet. One loop uses it.</summary>
    private readonly List<LeasedMail> _held = [];

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

    /// <summary>Sends some of the mails that are due. Whatever ends it, what is left is leased no longer.</summary>
    /// <returns>The number of mails that were leased.</returns>
    internal async Task<int> SendBatchAsync(CancellationToken cancellationToken)
    {
        // What an error of the database left to be stored.
        foreach (var held in _held.ToArray())
            await StoreAsync(held, cancellationToken);
        try
        {
            await LeaseAsync(cancellationToken);
            LeasedMail[] leased = [.. _held];
            if (leased.Length == 0)
                return 0;
            await using var connection = sender.Open();
            foreach (var mail in leased)
                await TrySendAsync(connection, mail, cancellationToken);
            return leased.Length;
        }
        finally
        {
            await ReleaseAsync();
        }
    }

    private async Task LeaseAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var due = await db.OutgoingMails.AsNoTracking()
            .Where(mail => mail.DueAt <= now && mail.LeasedUntil <= now)
            .OrderBy(mail => mail.DueAt)
            .Take(BatchSize)
            .ToListAsync(cancellationToken);
        foreach (var mail in due)
        {
            var (id, until) = (mail.Id, now + LeaseDuration);
            mail.LeasedUntil = until;
            var leased = new LeasedMail(mail);
            // A stop may hide whether the update was made.
            _held.Add(leased);
            var changed = await db.OutgoingMails
                .Where(known => known.Id == id && known.DueAt <= now && known.LeasedUntil <= now)
                .ExecuteUpdateAsync(known => known.SetProperty(m => m.LeasedUntil, until), cancellationToken);
            if (changed == 0)
                _held.Remove(leased);
        }
    }

    /// <summary>Sends a mail. An error delays this mail and no other.</summary>
    private async Task TrySendAsync(MailSender.Connection connection, LeasedMail leased, CancellationToken cancellationToken)
    {
        var mail = leased.Mail;
        try
        {
            if (mail.Attempts > Delays.Length)
            {
                // The last attempt has no result: it stopped the node.
                LogGivenUp(logger, mail.Kind, mail.Id, "no attempt ended");
                leased.IsDone = true;
            }
            else if (await BeginAsync(mail, cancellationToken))
            {
                await SendAsync(connection, leased, cancellationToken);
            }
            else
            {
                // The lease has ended.
                _held.Remove(leased);
                return;
            }

            await StoreAsync(leased, CancellationToken.None);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, exception);
        }
    }

    /// <summary>Counts an attempt when it begins, so that a mail that stops its node is given up too.</summary>
    /// <returns>False when another node has leased the mail.</returns>
    private async Task<bool> BeginAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var (id, lease) = (mail.Id, mail.LeasedUntil);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var begun = await db.OutgoingMails
            .Where(known => known.Id == id && known.LeasedUntil == lease)
            .ExecuteUpdateAsync(known => known.SetProperty(m => m.Attempts, m => m.Attempts + 1), cancellationToken);
        mail.Attempts++;
        return begun > 0;
    }

    private async Task SendAsync(MailSender.Connection connection, LeasedMail leased, CancellationToken cancellationToken)
    {
        var mail = leased.Mail;
        try
        {
            if (await WriteAsync(mail, cancellationToken) is { } written)
            {
                await connection.SendAsync(mail.Id, written.To, written.Content, cancellationToken);
                LogSent(logger, mail.Kind, mail.Id);
            }

            leased.IsDone = true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var refused = exception as MailNotSentException;
            if (refused is null)
                LogFailed(logger, exception);
            var reason = refused?.Message ?? exception.GetType().Name;
            leased.IsDone = refused is { IsFinal: true } || mail.Attempts > Delays.Length;
            if (leased.IsDone)
            {
                LogGivenUp(logger, mail.Kind, mail.Id, reason);
                return;
            }

            var delay = Delays[mail.Attempts - 1];
            LogDelayed(logger, mail.Kind, mail.Id, reason, delay);
            mail.DueAt = time.GetUtcNow().UtcDateTime + delay;
        }
    }

    private async Task<WrittenMail?> WriteAsync(OutgoingMail mail, CancellationToken cancellationToken) =>
        mail is { Subject: { } subject, Text: { } text, Html: { } html }
            ? new WrittenMail(mail.To, new MailContent(subject, text, html))
            : await writers.Single(writer => writer.Kind == mail.Kind).WriteAsync(mail.To, cancellationToken);

    /// <summary>Deletes a mail that was sent or given up, and releases another one.</summary>
    private async Task StoreAsync(LeasedMail leased, CancellationToken cancellationToken)
    {
        var (id, lease, due, now) = (leased.Mail.Id, leased.Mail.LeasedUntil, leased.Mail.DueAt, time.GetUtcNow().UtcDateTime);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var held = db.OutgoingMails.Where(known => known.Id == id && known.LeasedUntil == lease);
        if (leased.IsDone)
            await held.ExecuteDeleteAsync(cancellationToken);
        else
            await held.ExecuteUpdateAsync(known => known.SetProperty(m => m.DueAt, due).SetProperty(m => m.LeasedUntil, now), cancellationToken);
        _held.Remove(leased);
    }

    /// <summary>Stores what is left when a batch was broken off. What cannot be stored now is stored before the next batch.</summary>
    private async Task ReleaseAsync()
    {
        if (_held.Count == 0)
            return;
        using var timeout = new CancellationTokenSource(ReleaseTimeout, time);
        try
        {
            foreach (var held in _held.ToArray())
                await StoreAsync(held, timeout.Token);
        }
        catch (Exception exception)
        {
            LogFailed(logger, exception);
        }
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

    /// <summary>A mail that this node has leased.</summary>
    private sealed class LeasedMail(OutgoingMail mail)
    {
        public OutgoingMail Mail => mail;

        /// <summary>Whether it was sent or given up.</summary>
        public bool IsDone { get; set; }
    }
}
