using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data;

/// <summary>Removes once an hour the marks of transactions that are older than a day, and so are not retried any more.</summary>
internal sealed partial class CommitMarkSweep(
    IDbContextFactory<ChatDbContext> databases, TimeProvider time, ILogger<CommitMarkSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan Retention = TimeSpan.FromDays(1);

    /// <summary>The number of rows that one statement deletes.</summary>
    private const int BatchSize = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TrySweepAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The app stops.
        }
    }

    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow().UtcDateTime - Retention;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        int removed;
        do
        {
            removed = await db.CommitMarks
                .Where(mark => mark.CommittedAt < before)
                .OrderBy(mark => mark.CommittedAt)
                .Take(BatchSize)
                .ExecuteDeleteAsync(cancellationToken);
        }
        while (removed == BatchSize);
    }

    internal async Task TrySweepAsync(CancellationToken cancellationToken)
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

    [LoggerMessage(1, LogLevel.Warning, "Marks of old transactions could not be removed; it is tried again in an hour")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
