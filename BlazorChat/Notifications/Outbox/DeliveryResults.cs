using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Notifications.Push;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Notifications.Outbox;

/// <summary>What came of a delivery.</summary>
/// <param name="Delivery">As it was leased.</param>
internal sealed record DeliveryResult(PushDelivery Delivery, DeliveryPlan Plan, PushResult Result);

/// <summary>Stores what came of deliveries, of many in one transaction. The lease decides: a node that was too slow stores nothing.</summary>
internal sealed partial class DeliveryResults(IDbContextFactory<ChatDbContext> databases, TimeProvider time, ILogger<DeliveryResults> logger)
    : GroupCommit<DeliveryResult, bool>
{
    /// <summary>The delays after each failed attempt, unless the service names a longer one; after the last attempt a delivery is given up.</summary>
    internal static readonly IReadOnlyList<TimeSpan> Delays =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(8),
    ];

    public Task StoreAsync(DeliveryResult result, CancellationToken cancellationToken) => WriteAsync(result, cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<DeliveryResult> writes, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await databases.InTransactionAsync(
            async (db, token) =>
            {
                var gone = writes.Where(write => write.Result.Outcome == PushOutcome.Gone).Select(write => write.Delivery.DeviceId).Distinct().Order().ToArray();
                if (gone.Length > 0)
                    await db.PushDevices.Where(device => gone.Contains(device.Id)).ExecuteDeleteAsync(token);
                var existing = writes.Where(write => !gone.Contains(write.Delivery.DeviceId)).GroupBy(write => (write.Delivery.LeasedUntil, State: FindState(write, now)));
                // Other writers wait meanwhile, so those that become the same share a statement.
                foreach (var same in existing.OrderBy(same => same.Min(write => write.Delivery.Id)))
                    await StoreAsync(db, [.. same.Select(write => write.Delivery.Id)], same.Key.LeasedUntil, same.Key.State, now, token);
                return gone.Length;
            },
            cancellationToken);
        foreach (var write in writes.Where(write => write.Result.Outcome is not (PushOutcome.Accepted or PushOutcome.Gone) && FindState(write, now) == default))
            LogGivenUp(logger, write.Delivery.Id, write.Result.Reason);
        return [.. writes.Select(_ => new Outcome(true))];
    }

    private static State FindState(DeliveryResult write, DateTime now)
    {
        var (delivery, plan, result) = write;
        if (plan.IsPostponed && now + CallDispatcher.WatchingDelay is var again)
            return again < delivery.ExpiresAt ? new State(DueAt: again, IsAttempt: false) : default;
        if (result.Outcome == PushOutcome.Later && FindDelay(delivery, result) is { } delay && now + delay < delivery.ExpiresAt)
            return new State(DueAt: now + delay);
        return result.Outcome == PushOutcome.Accepted && plan.Revision is { } revision ? new State(revision, delivery.Changes) : default;
    }

    private static async Task StoreAsync(
        ChatDbContext db, long[] ids, DateTime lease, State state, DateTime now, CancellationToken cancellationToken)
    {
        var leased = db.PushDeliveries.Where(known => EF.Parameter(ids).Contains(known.Id) && known.LeasedUntil == lease);
        var (revision, changes, due, isAttempt) = state;
        if (due is not null)
        {
            var uncounted = isAttempt ? 0 : 1;
            await leased.ExecuteUpdateAsync(
                known => known
                    .SetProperty(d => d.DueAt, due)
                    .SetProperty(d => d.LeasedUntil, now)
                    .SetProperty(d => d.Attempts, d => d.Attempts - uncounted),
                cancellationToken);
        }
        else if (revision is null)
        {
            await leased.ExecuteDeleteAsync(cancellationToken);
        }
        else
        {
            await leased.ExecuteUpdateAsync(
                known => known
                    .SetProperty(d => d.ShownRevision, revision)
                    .SetProperty(d => d.Attempts, 0)
                    .SetProperty(d => d.LeasedUntil, now)
                    // What has changed during the sending is compared again.
                    .SetProperty(d => d.DueAt, d => d.Changes == changes ? null : d.DueAt),
                cancellationToken);
        }
    }

    /// <summary>Null when it is given up.</summary>
    private static TimeSpan? FindDelay(PushDelivery delivery, PushResult result)
    {
        if (delivery.Attempts > Delays.Count)
            return null;
        // A service that asks for a short wait again and again would use up the attempts in a minute.
        var delay = Delays[Math.Max(0, delivery.Attempts - 1)];
        return result.RetryAfter > delay ? result.RetryAfter : delay;
    }

    /// <summary>What becomes of a row. The default one removes it.</summary>
    /// <param name="Revision">The device shows it.</param>
    /// <param name="Changes">The number of changes when it was leased.</param>
    /// <param name="DueAt">The next attempt.</param>
    /// <param name="IsAttempt">Whether the attempt counts: there was something to send.</param>
    private readonly record struct State(long? Revision = null, int Changes = 0, DateTime? DueAt = null, bool IsAttempt = true);

    [LoggerMessage(1, LogLevel.Information, "The notification {Id} of a device is given up ({Reason})")]
    private static partial void LogGivenUp(ILogger logger, long id, string? reason);
}
