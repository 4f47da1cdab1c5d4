using System.Linq.Expressions;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Notifications.Push;
using BlazorChat.Rooms.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Notifications.Outbox;

/// <summary>
/// Sends to devices what is due. A node leases deliveries, so that no other node sends them meanwhile. Each is sent at least once: a node that stops
/// between sending and storing it sends it again, with the same tag, which the browser shows once. One that stops its nodes is given up.
/// </summary>
internal sealed partial class DeliveryDispatcher(
    IDbContextFactory<ChatDbContext> databases,
    PushOutbox outbox,
    DeliveryPlanner planner,
    IPushSender sender,
    DeliveryResults results,
    PushThrottle throttle,
    TimeProvider time,
    ILogger<DeliveryDispatcher> logger) : BackgroundService
{
    /// <summary>Attempts count when they begin; the one after the last of them is not made.</summary>
    internal static readonly int MaxAttempts = DeliveryResults.Delays.Count + 1;

    /// <summary>The most deliveries in one query.</summary>
    internal const int BatchSize = 256;

    /// <summary>Longer than a request lasts.</summary>
    internal static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(1);

    /// <summary>A service that answers later gets one message at a time, or a few of them would hold all that a node sends at once.</summary>
    private static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Between two leases: a message to thousands of people leaves the processor and the database to others most of the time.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The last attempts had no result: perhaps this delivery stops its node, and perhaps another one did that was sent at the same time. A node sends
    /// one of them at a time, so that those others are not given up with it. A lease that ends with a result ends before the next attempt is due.
    /// </summary>
    private static readonly Expression<Func<PushDelivery, bool>> IsSuspect = delivery => delivery.Attempts >= 2 && delivery.DueAt < delivery.LeasedUntil;

    private static readonly Expression<Func<PushDelivery, bool>> IsNoSuspect = delivery => delivery.Attempts < 2 || delivery.DueAt >= delivery.LeasedUntil;

    private readonly Lock _gate = new();
    private readonly HashSet<Task> _sending = [];

    /// <summary>The sending of a suspect.</summary>
    private Task _suspect = Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (Track(await StartDueAsync(stoppingToken)) > 0)
                    await Task.Delay(Pause, time, stoppingToken);

                // The end of each sending ends the wait.
                await outbox.WaitForDeliveriesAsync(Interval, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                LogFailed(logger, exception);
                await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        Task[] sending;
        lock (_gate)
            sending = [.. _sending];
        await Task.WhenAll(sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Begins to send some of the deliveries that are due.</summary>
    /// <returns>A task for each message to a device, which ends when its result is stored.</returns>
    internal async Task<IReadOnlyList<Task>> StartDueAsync(CancellationToken cancellationToken)
    {
        var (leased, suspectId) = await LeaseAsync(cancellationToken);
        if (leased.Count == 0)
            return [];
        var isGivenUp = leased.ToLookup(delivery => delivery.Attempts > MaxAttempts);
        var started = isGivenUp[true].Select(GiveUpAsync).ToList();
        var plans = await PlanAsync([.. isGivenUp[false]], cancellationToken);
        // Deliveries with the same message are withdrawn by it.
        foreach (var same in plans.GroupBy(plan => plan.Plan?.Message ?? (object)plan.Delivery, ReferenceEqualityComparer.Instance))
        {
            PushDelivery[] deliveries = [.. same.Select(plan => plan.Delivery)];
            var sending = SendAsync(deliveries, same.First().Plan, cancellationToken);
            if (deliveries.Any(delivery => delivery.Id == suspectId))
                _suspect = sending;
            started.Add(sending);
        }

        return started;
    }

    /// <summary>The result of the last attempt is missing: it stopped the node.</summary>
    private Task GiveUpAsync(PushDelivery delivery) => results.StoreAsync(
        new DeliveryResult(delivery, DeliveryPlan.None, new PushResult(PushOutcome.Refused, Reason: "no attempt ended")), CancellationToken.None);

    private int Track(IReadOnlyList<Task> started)
    {
        foreach (var task in started)
        {
            lock (_gate)
                _sending.Add(task);
            _ = task.ContinueWith(
                ended =>
                {
                    lock (_gate)
                        _sending.Remove(ended);
                    if (ended.Exception is { InnerException: { } exception })
                        LogFailed(logger, exception);
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        return started.Count;
    }

    /// <summary>Leases some of the deliveries that are due, and counts their attempts.</summary>
    internal async Task<(IReadOnlyList<PushDelivery> Leased, long? SuspectId)> LeaseAsync(CancellationToken cancellationToken)
    {
        if (throttle.Space == 0)
            return ([], null);
        var (now, closed) = (time.GetUtcNow().UtcDateTime, throttle.Closed);
        var until = Leases.EndOf(LeaseDuration, now);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var all = db.PushDeliveries.AsNoTracking()
            .Where(delivery => delivery.DueAt <= now && delivery.LeasedUntil <= now && !closed.Contains(delivery.Host))
            .OrderBy(delivery => delivery.DueAt)
            .ThenBy(delivery => delivery.Id);
        var due = await all.Where(IsNoSuspect).Select(delivery => new { delivery.Id, delivery.Host }).Take(BatchSize).ToListAsync(cancellationToken);
        // Many that are due come first: to look for another one would read them all.
        var suspect = due.Count == BatchSize || !_suspect.IsCompleted
            ? null
            : await all.Where(IsSuspect).Select(delivery => new { delivery.Id, delivery.Host }).FirstOrDefaultAsync(cancellationToken);
        if (suspect is not null)
            due.Insert(0, suspect);
        var ids = due
            .GroupBy(delivery => delivery.Host)
            .SelectMany(host => host.Take(throttle.SpaceFor(host.Key)))
            .Select(delivery => delivery.Id)
            .Take(throttle.Space)
            .ToArray();
        if (ids.Length == 0)
            return ([], null);
        // An attempt counts when it begins, so that a delivery that stops its node is given up too.
        await db.PushDeliveries
            .Where(delivery => ids.Contains(delivery.Id) && delivery.DueAt <= now && delivery.LeasedUntil <= now)
            .ExecuteUpdateAsync(
                delivery => delivery.SetProperty(d => d.LeasedUntil, until).SetProperty(d => d.Attempts, d => d.Attempts + 1), cancellationToken);
        var leased = await db.PushDeliveries.AsNoTracking()
            .Include(delivery => delivery.Device)
            .Where(delivery => ids.Contains(delivery.Id) && delivery.LeasedUntil == until)
            .ToListAsync(cancellationToken);
        return (leased, suspect?.Id);
    }

    private async Task<IReadOnlyList<(PushDelivery Delivery, DeliveryPlan? Plan)>> PlanAsync(
        IReadOnlyList<PushDelivery> leased, CancellationToken cancellationToken)
    {
        try
        {
            var plans = await planner.PlanAsync([.. leased.Select(delivery => delivery.Id)], cancellationToken);
            return [.. leased.Where(delivery => plans.ContainsKey(delivery.Id)).Select(delivery => (delivery, (DeliveryPlan?)plans[delivery.Id]))];
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && leased.Count == 1)
        {
            LogFailed(logger, exception);
            return [(leased[0], null)];
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // One of them fails the queries of all. Each is then planned on its own, so that the others continue.
            var plans = new List<(PushDelivery, DeliveryPlan?)>();
            foreach (var delivery in leased)
                plans.AddRange(await PlanAsync([delivery], cancellationToken));
            return plans;
        }
    }

    private async Task SendAsync(PushDelivery[] deliveries, DeliveryPlan? plan, CancellationToken cancellationToken)
    {
        var result = plan switch
        {
            null => new PushResult(PushOutcome.Later, Reason: "it could not be written"),
            { Message: { } message } => await SendAsync(deliveries[0], message, cancellationToken),
            _ => new PushResult(PushOutcome.Accepted),
        };
        // It was sent: a stop of this node must not let another one send it again.
        await Task.WhenAll(deliveries.Select(
            delivery => results.StoreAsync(new DeliveryResult(delivery, plan ?? DeliveryPlan.None, result), CancellationToken.None)));
        outbox.NotifyDeliveries();
    }

    private async Task<PushResult> SendAsync(PushDelivery delivery, PushMessage message, CancellationToken cancellationToken)
    {
        var result = new PushResult(PushOutcome.Later);
        var begun = time.GetTimestamp();
        throttle.Begin(delivery.Host);
        try
        {
            var device = delivery.Device!;
            return result = await sender.SendAsync(
                new PushTarget(new Uri(device.Endpoint), device.PublicKey, device.AuthSecret), message, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return result = new PushResult(PushOutcome.Later, Reason: exception.GetType().Name);
        }
        finally
        {
            throttle.End(delivery.Host, isFailure: result.Outcome == PushOutcome.Later || time.GetElapsedTime(begun) > SlowAfter);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Notifications could not be sent to devices; they are tried again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
