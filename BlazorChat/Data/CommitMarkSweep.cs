using BlazorChat.Common;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data;

/// <summary>Removes once an hour the marks of transactions that are older than a day, and so are not retried any more.</summary>
internal sealed class CommitMarkSweep(
    IDbContextFactory<ChatDbContext> databases, TimeProvider time, ILogger<CommitMarkSweep> logger)
    : Sweep(TimeSpan.FromHours(1), time, logger)
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(1);

    /// <summary>The number of rows that one statement deletes.</summary>
    private const int BatchSize = 500;

    internal override async Task SweepAsync(CancellationToken cancellationToken)
    {
        var before = Time.GetUtcNow().UtcDateTime - Retention;
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
}
