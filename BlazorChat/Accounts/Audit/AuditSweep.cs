using BlazorChat.Common;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Audit;

/// <summary>Removes once an hour the entries of the audit log that are older than two years.</summary>
internal sealed class AuditSweep(IDbContextFactory<ChatDbContext> databases, TimeProvider time, ILogger<AuditSweep> logger)
    : Sweep(TimeSpan.FromHours(1), time, logger)
{
    internal static readonly TimeSpan Retention = TimeSpan.FromDays(730);

    /// <summary>The number of rows that one statement deletes.</summary>
    private const int BatchSize = 500;

    internal override async Task SweepAsync(CancellationToken cancellationToken)
    {
        var before = Time.GetUtcNow().UtcDateTime - Retention;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        int removed;
        do
        {
            removed = await db.AuditEntries.Where(entry => entry.At < before).OrderBy(entry => entry.At).Take(BatchSize).ExecuteDeleteAsync(cancellationToken);
        }
        while (removed == BatchSize);
    }
}
