using BlazorChat.Common;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Notifications.Outbox;

/// <summary>Removes deliveries that have expired, once a minute on every node.</summary>
internal sealed class DeliverySweep(IDbContextFactory<ChatDbContext> databases, TimeProvider time, ILogger<DeliverySweep> logger)
    : Sweep(TimeSpan.FromMinutes(1), time, logger)
{
    /// <summary>The number of rows that one transaction removes.</summary>
    private const int BatchSize = 500;

    internal override async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow().UtcDateTime;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        while (await db.PushDeliveries.Where(delivery => delivery.ExpiresAt <= now).OrderBy(delivery => delivery.Id).Take(BatchSize).ExecuteDeleteAsync(cancellationToken) == BatchSize)
        {
        }
    }
}
