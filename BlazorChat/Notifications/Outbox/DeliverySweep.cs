using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Notifications.Outbox;

/// <summary>Removes deliveries that have expired, once a minute on every node.</summary>
internal sealed partial class DeliverySweep(IDbContextFactory<ChatDbContext> databases, TimeProvider time, ILogger<DeliverySweep> logger) : BackgroundService
{
    /// <summary>The number of rows that one transaction removes.</summary>
    private const int BatchSize = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TrySweepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        while (await db.PushDeliveries.Where(delivery => delivery.ExpiresAt <= now).OrderBy(delivery => delivery.Id).Take(BatchSize).ExecuteDeleteAsync(cancellationToken) == BatchSize)
        {
        }
    }

    private async Task TrySweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, exception);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Expired notifications could not be removed; it is tried again in a minute")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
