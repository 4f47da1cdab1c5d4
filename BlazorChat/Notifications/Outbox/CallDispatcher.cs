using BlazorChat.Accounts.Presence;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Rooms.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Notifications.Outbox;

/// <summary>
/// Computes whom new and changed messages call, and adds their deliveries. A node leases the rows of messages. A page of members, and how far it went,
/// is one transaction, so that a node that continues after another one adds nothing twice, and no transaction is long. A message that fails or stops
/// its nodes is given up.
/// </summary>
internal sealed partial class CallDispatcher(
    IDbContextFactory<ChatDbContext> databases,
    PushOutbox outbox,
    PresenceDirectory presence,
    IOptions<OutboxOptions> options,
    TimeProvider time,
    ILogger<CallDispatcher> logger) : BackgroundService
{
    /// <summary>The number of messages that one step leases.</summary>
    internal const int BatchSize = 256;

    /// <summary>The number of messages of a room whose members are read together.</summary>
    private const int MaxMessages = 40;

    /// <summary>Deliveries that one transaction makes due again.</summary>
    private const int ChangeBatch = 500;

    /// <summary>Attempts count when they begin; the one after the last of them is not made.</summary>
    internal const int MaxAttempts = 10;

    /// <summary>
    /// After so many attempts without a page a message may be the one that stops its nodes, or was only leased together with it. One of them is
    /// leased at a time, so that others are not given up with it.
    /// </summary>
    private const int SuspectAfter = 2;

    internal static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);

    /// <summary>After which a node looks for rows of others.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>The shortest time between two steps, so that many messages share one.</summary>
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Who looks at the room is not called before this time, and then only if they look elsewhere. It is longer than a page counts as open whose
    /// browser is not reachable any more.
    /// </summary>
    internal static readonly TimeSpan WatchingDelay = TimeSpan.FromSeconds(45);

    /// <summary>Between two pages other writers get the database.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>The deliveries that one transaction adds, if each person has one device and every message calls everybody.</summary>
    internal int PageSize { get; init; } = 400;

    private readonly TimeSpan _delay = TimeSpan.FromSeconds(options.Value.PushDelay);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await DispatchAsync(stoppingToken) > 0)
                    await Task.Delay(MinInterval, time, stoppingToken);
                await outbox.WaitForMessagesAsync(await ReadWaitAsync(stoppingToken), stoppingToken);
                await Task.Delay(MinInterval, time, stoppingToken);
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

    /// <summary>Adds the deliveries of some of the messages that are due.</summary>
    /// <returns>The number of rows that were leased.</returns>
    internal async Task<int> DispatchAsync(CancellationToken cancellationToken)
    {
        var lease = await LeaseAsync(cancellationToken);
        await GiveUpAsync([.. lease.Rows.Where(row => row.Attempts > MaxAttempts)], lease.Until, cancellationToken);
        MessageNotification[] leased = [.. lease.Rows.Where(row => row.Attempts <= MaxAttempts)];
        var groups = leased
            .Where(row => row.Reason != NotificationReason.Changed)
            // Messages of the room and replies call different people.
            .GroupBy(row => (IsSuspect: row.Attempts > SuspectAfter, row.RoomId, row.AfterUserId, IsReply: row.Sequence < 0))
            .OrderBy(group => group.Key.IsSuspect)
            .SelectMany(group => group.Chunk(MaxMessages));
        foreach (var row in leased.Where(row => row.Reason == NotificationReason.Changed))
            await TryAsync(ChangeAsync(row, lease.Until, cancellationToken), cancellationToken);
        foreach (var rows in groups)
            await TryAsync(AddAsync(rows, lease.Until, cancellationToken), cancellationToken);
        return lease.Rows.Count;
    }

    private async Task GiveUpAsync(MessageNotification[] rows, DateTime until, CancellationToken cancellationToken)
    {
        if (rows.Length == 0)
            return;
        var ids = rows.Select(row => row.Id).ToArray();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.MessageNotifications.Where(row => ids.Contains(row.Id) && row.LeasedUntil == until).ExecuteDeleteAsync(cancellationToken);
        foreach (var row in rows)
            LogGivenUp(logger, row.Sequence, row.RoomId);
    }

    private async Task TryAsync(Task work, CancellationToken cancellationToken)
    {
        try
        {
            await work;
        }
        catch (LeaseLostException)
        {
            // This node was slow, and another one continues.
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Rows that fail are tried again after their lease; they do not keep the others of the step.
            LogFailed(logger, exception);
        }
    }

    /// <summary>The time until the next row is due, at most <see cref="Interval"/>.</summary>
    private async Task<TimeSpan> ReadWaitAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var next = await db.MessageNotifications
            .Where(row => row.LeasedUntil <= now)
            .OrderBy(row => row.Id)
            .Select(row => (DateTime?)row.CreatedAt)
            .FirstOrDefaultAsync(cancellationToken);
        return next + _delay - now is { } wait ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, Interval.Ticks)) : Interval;
    }

    /// <summary>Leases some of the messages that are due, and counts their attempts.</summary>
    internal async Task<(IReadOnlyList<MessageNotification> Rows, DateTime Until)> LeaseAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var (sentBefore, until) = (now - _delay, Leases.EndOf(LeaseDuration, now));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var all = db.MessageNotifications.AsNoTracking()
            .Where(row => row.LeasedUntil <= now && (row.CreatedAt <= sentBefore || row.Reason == NotificationReason.Changed))
            .OrderBy(row => row.Id);
        var due = await all.Where(row => row.Attempts < SuspectAfter).Take(BatchSize).ToListAsync(cancellationToken);
        due.AddRange(await all.Where(row => row.Attempts >= SuspectAfter).Take(1).ToListAsync(cancellationToken));
        if (due.Count == 0)
            return ([], until);
        var ids = due.Select(row => row.Id).ToArray();
        var leased = await db.MessageNotifications
            .Where(row => ids.Contains(row.Id) && row.LeasedUntil <= now)
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.LeasedUntil, until).SetProperty(r => r.Attempts, r => r.Attempts + 1), cancellationToken);
        foreach (var row in due)
            row.Attempts++;
        if (leased == due.Count)
            return (due, until);
        // Another node has leased some of them, with another end.
        return (await db.MessageNotifications.AsNoTracking().Where(row => ids.Contains(row.Id) && row.LeasedUntil == until).ToListAsync(cancellationToken), until);
    }

    /// <summary>Adds the deliveries of messages of one room, by pages of its members.</summary>
    private async Task AddAsync(MessageNotification[] rows, DateTime until, CancellationToken cancellationToken)
    {
        var ids = rows.Select(row => row.Id).ToArray();
        var messages = await ReadMessagesAsync(rows, cancellationToken);
        int? after = rows[0].AfterUserId;
        while (after is { } afterUserId)
        {
            var page = await ReadPageAsync(rows[0].RoomId, messages, afterUserId, cancellationToken);
            after = page.LastUserId;
            var (heldUntil, extended) = (until, Leases.EndOf(LeaseDuration, time.GetUtcNow().UtcDateTime));
            var held = await databases.InTransactionAsync(
                async (db, token) =>
                {
                    // Writing the rows first locks them. Without all of them another node has continued.
                    var held = db.MessageNotifications.Where(row => ids.Contains(row.Id) && row.LeasedUntil == heldUntil);
                    var count = after is { } last
                        ? await held.ExecuteUpdateAsync(
                            row => row.SetProperty(r => r.AfterUserId, last).SetProperty(r => r.LeasedUntil, extended).SetProperty(r => r.Attempts, 1), token)
                        : await held.ExecuteDeleteAsync(token);
                    if (count != ids.Length)
                        throw new LeaseLostException();
                    await db.InsertAsync(page.Deliveries, token);
                    return count;
                },
                cancellationToken);
            until = extended;
            if (page.Deliveries.Count > 0)
                outbox.NotifyDeliveries();
            if (after is not null)
                await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task<RecipientPage> ReadPageAsync(
        int roomId, IReadOnlyList<CallingMessage> messages, int afterUserId, CancellationToken cancellationToken)
    {
        if (messages.Count == 0)
            return new RecipientPage([], null);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var size = Math.Max(10, PageSize / messages.Count);
        var now = time.GetUtcNow().UtcDateTime;
        var page = await Recipients.ReadAsync(db, roomId, messages, afterUserId, size, now, cancellationToken);
        // Who looks at the room reads the message, unless the network has just failed: then the connection of the page ends within this time. A reply is
        // read in its thread.
        var roots = messages.Where(message => message.Root is not null).ToDictionary(message => message.Sequence, message => message.Root!.Value);
        foreach (var delivery in page.Deliveries.Where(IsWatched))
            delivery.DueAt = now + WatchingDelay;
        return page;

        bool IsWatched(PushDelivery delivery) => roots.TryGetValue(delivery.Sequence, out var root)
            ? presence.IsWatching(delivery.UserId, roomId, root)
            : presence.IsWatching(delivery.UserId, roomId);
    }

    /// <summary>The messages of rows that may still call somebody.</summary>
    private async Task<IReadOnlyList<CallingMessage>> ReadMessagesAsync(MessageNotification[] rows, CancellationToken cancellationToken)
    {
        var (roomId, sequences) = (rows[0].RoomId, rows.Select(row => row.Sequence).Distinct().ToArray());
        var onlyMentioned = rows.GroupBy(row => row.Sequence).Where(same => same.All(row => row.Reason == NotificationReason.Mentioned)).Select(same => same.Key).ToHashSet();
        var oldest = time.GetUtcNow().UtcDateTime - PushOutbox.MaxAge;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var messages = await db.Messages.AsNoTracking()
            .Where(message => message.RoomId == roomId && sequences.Contains(message.Sequence) && message.DeletedAt == null && message.SentAt > oldest)
            .Select(message => new { message.Sequence, message.AuthorId, message.SentAt, message.ThreadRoot, message.ReplyNumber })
            .ToListAsync(cancellationToken);
        return
        [
            .. messages.Select(message => new CallingMessage(message.Sequence, message.AuthorId, message.SentAt, onlyMentioned.Contains(message.Sequence))
            {
                Root = message.Sequence < 0 ? message.ThreadRoot : null,
                Reply = message.ReplyNumber,
            }),
        ];
    }

    /// <summary>Makes the deliveries of a changed message due again.</summary>
    private async Task ChangeAsync(MessageNotification row, DateTime until, CancellationToken cancellationToken)
    {
        var (id, after) = (row.Id, (int?)row.AfterUserId);
        while (after is { } afterUserId)
        {
            var (heldUntil, now) = (until, time.GetUtcNow().UtcDateTime);
            var extended = Leases.EndOf(LeaseDuration, now);
            var next = await databases.InTransactionAsync(
                async (db, token) =>
                {
                    var deliveries = db.PushDeliveries
                        .Where(delivery => delivery.RoomId == row.RoomId && delivery.Sequence == row.Sequence && delivery.UserId > afterUserId);
                    var last = await deliveries
                        .OrderBy(delivery => delivery.UserId)
                        .Select(delivery => (int?)delivery.UserId)
                        .Skip(ChangeBatch - 1)
                        .FirstOrDefaultAsync(token);
                    var held = db.MessageNotifications.Where(known => known.Id == id && known.LeasedUntil == heldUntil);
                    var count = last is { } lastUserId
                        ? await held.ExecuteUpdateAsync(
                            known => known.SetProperty(r => r.AfterUserId, lastUserId).SetProperty(r => r.LeasedUntil, extended).SetProperty(r => r.Attempts, 1),
                            token)
                        : await held.ExecuteDeleteAsync(token);
                    if (count == 0)
                        throw new LeaseLostException();
                    await PushOutbox.ChangeAsync(deliveries.Where(delivery => last == null || delivery.UserId <= last), now, token);
                    return last;
                },
                cancellationToken);
            // Ids ascend, so the loop ends.
            after = next > afterUserId ? next : null;
            until = extended;
            outbox.NotifyDeliveries();
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Messages could not call anybody; they are tried again in a few seconds")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Message {Sequence} of room {RoomId} calls nobody any more: no attempt to compute whom it calls ended")]
    private static partial void LogGivenUp(ILogger logger, long sequence, int roomId);

    /// <summary>Rolls a transaction back, since another node has leased the rows.</summary>
    private sealed class LeaseLostException : Exception;
}
