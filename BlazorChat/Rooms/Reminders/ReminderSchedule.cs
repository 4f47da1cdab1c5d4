using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Rooms.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Reminders;

/// <summary>
/// Makes reminders due when their time has come, and adds their deliveries to the devices of their people.
/// </summary>
internal sealed partial class ReminderSchedule(
    IDbContextFactory<ChatDbContext> databases, PushOutbox outbox, IChannelLayer layer, TimeProvider time, ILogger<ReminderSchedule> logger)
    : DueWork(new Signal(), time, logger)
{
    /// <summary>The room of the deliveries of reminders, whose sequence is the id of the reminder.</summary>
    public const int RoomOfDeliveries = EndedReminder.RoomOfDeliveries;

    /// <summary>The most reminders of one query.</summary>
    private const int PageSize = 50;

    /// <summary>The most reminders that may fail in one call; the next call retries them.</summary>
    private const int MaxFailed = 500;

    private readonly OncePerMinute _failures = new(time);
    private readonly ILogger _logger = logger;

    /// <summary>A reminder was added on this node, which may be due before the others.</summary>
    public void Notify() => Added.Set();

    /// <summary>Makes what devices show of a reminder due to be compared again. Called in the transaction of the change.</summary>
    public static Task<int> WithdrawAsync(ChatDbContext db, int userId, long reminderId, DateTime now, CancellationToken cancellationToken) =>
        PushOutbox.ChangeAsync(
            db.PushDeliveries.Where(delivery => delivery.UserId == userId && delivery.RoomId == RoomOfDeliveries && delivery.Sequence == reminderId),
            now,
            cancellationToken);

    /// <summary>
    /// Makes all reminders due whose time has come, each in its own transaction: one that fails is logged and retried by the next call. One of a message
    /// that is deleted, or that its person may no longer read, ends.
    /// </summary>
    /// <returns>When the next one is due; null for none.</returns>
    internal async Task<DateTimeOffset?> CallDueAsync(CancellationToken cancellationToken)
    {
        var failed = new List<long>();
        int found;
        do
        {
            var now = Time.GetUtcNow().UtcDateTime;
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var due = await db.Reminders
                .Where(reminder => !reminder.IsDue && reminder.DueAt <= now && !failed.Contains(reminder.Id))
                .OrderBy(reminder => reminder.DueAt)
                .Take(PageSize)
                .Select(reminder => new { reminder.Id, reminder.UserId })
                .ToListAsync(cancellationToken);
            foreach (var reminder in due)
            {
                if (!await TryCallAsync(reminder.Id, reminder.UserId, now, cancellationToken))
                    failed.Add(reminder.Id);
            }

            found = due.Count;
        }
        while (found == PageSize && failed.Count <= MaxFailed - PageSize);

        await using var last = await databases.CreateDbContextAsync(cancellationToken);
        return await last.Reminders.Where(reminder => !reminder.IsDue && !failed.Contains(reminder.Id)).MinAsync(reminder => (DateTime?)reminder.DueAt, cancellationToken);
    }

    protected override Task<DateTimeOffset?> DoDueAsync(CancellationToken cancellationToken) => CallDueAsync(cancellationToken);

    private async Task<bool> TryCallAsync(long id, int userId, DateTime now, CancellationToken cancellationToken)
    {
        try
        {
            var isDue = await databases.InTransactionAsync((db, token) => CallAsync(db, id, userId, now, token), cancellationToken);
            if (isDue is null)
                return true;
            outbox.NotifyDeliveries();
            await layer.PublishAsync(RoomGroups.User(userId), new ReminderChanged(id, isDue.Value), CancellationToken.None);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && !DiskFull.Is(exception))
        {
            if (_failures.TryCount(out var count))
                LogNotCalled(_logger, exception, id, count);
            return false;
        }
    }

    /// <returns>Whether it is due now; false when it has ended; null when another node has done it, or it has another time.</returns>
    private static async Task<bool?> CallAsync(ChatDbContext db, long id, int userId, DateTime now, CancellationToken cancellationToken)
    {
        // Writing the row first locks it.
        var row = db.Reminders.Where(reminder => reminder.Id == id);
        if (await row.Where(reminder => !reminder.IsDue && reminder.DueAt <= now).ExecuteUpdateAsync(reminder => reminder.SetProperty(r => r.IsDue, true), cancellationToken) == 0)
            return null;
        if (!await MessageReminders.Readable(db).AnyAsync(reminder => reminder.Id == id && reminder.User!.BannedAt == null, cancellationToken))
        {
            await row.ExecuteDeleteAsync(cancellationToken);
            return false;
        }

        // What devices show of an earlier time is replaced, since it has the same tag.
        await db.PushDeliveries
            .Where(delivery => delivery.UserId == userId && delivery.RoomId == RoomOfDeliveries && delivery.Sequence == id)
            .ExecuteDeleteAsync(cancellationToken);
        var devices = await db.PushDevices.AsNoTracking().Where(device => device.UserId == userId && device.Session!.ExpiresAt > now).ToListAsync(cancellationToken);
        db.AddRange(devices.Select(device => new PushDelivery
        {
            DeviceId = device.Id,
            UserId = userId,
            RoomId = RoomOfDeliveries,
            Sequence = id,
            Host = new Uri(device.Endpoint).Authority,
            DueAt = now,
            LeasedUntil = now,
            ExpiresAt = now + PushOutbox.MaxAge,
        }));
        return true;
    }

    [LoggerMessage(2, LogLevel.Warning, "Reminder {Id} could not call; it is retried. Failed attempts since the last such line: {Count}")]
    private static partial void LogNotCalled(ILogger logger, Exception exception, long id, long count);
}
