using BlazorChat.Attachments.Storage;
using BlazorChat.Common;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Previews;

/// <summary>Removes lookups that have expired, and previews that no message shows, with their pictures.</summary>
internal sealed class PreviewSweep(
    IDbContextFactory<ChatDbContext> databases, AttachmentCleaner cleaner, TimeProvider time, ILogger<PreviewSweep> logger)
    : Sweep(TimeSpan.FromHours(1), time, logger)
{
    /// <summary>Rows that one statement removes.</summary>
    private const int BatchSize = 200;

    /// <summary>A worker that has read a row may still use it.</summary>
    internal static readonly TimeSpan MinAge = TimeSpan.FromHours(1);

    /// <summary>A preview of which no message is left is kept as long for another message with the address.</summary>
    internal static readonly TimeSpan KeepUnused = TimeSpan.FromDays(1);

    internal override async Task SweepAsync(CancellationToken cancellationToken)
    {
        await RemoveLookupsAsync(cancellationToken);
        await RemovePreviewsAsync(cancellationToken);
    }

    private async Task RemoveLookupsAsync(CancellationToken cancellationToken)
    {
        var before = Time.GetUtcNow().UtcDateTime - MinAge;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        for (var count = BatchSize; count == BatchSize;)
        {
            var keys = await db.LinkLookups
                .Where(lookup => (lookup.ExpiresAt ?? lookup.BegunAt) < before && lookup.LeasedUntil < before)
                .Where(lookup => !db.MessageLinks.Any(link => link.AddressKey == lookup.AddressKey && link.DueAt != null))
                .Select(lookup => lookup.AddressKey)
                .Take(BatchSize)
                .ToListAsync(cancellationToken);
            count = keys.Count == 0 ? 0 : await db.LinkLookups.Where(lookup => keys.Contains(lookup.AddressKey)).ExecuteDeleteAsync(cancellationToken);
        }
    }

    private async Task RemovePreviewsAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow().UtcDateTime;
        var before = now - KeepUnused;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        for (var count = BatchSize; count == BatchSize;)
        {
            var unused = await db.LinkPreviews
                .Where(preview => preview.CreatedAt < before)
                .Where(preview => !db.MessageLinks.Any(link => link.PreviewId == preview.Id && !link.IsRemoved))
                // One of these is about to be shown, or replaced.
                .Where(preview => !db.LinkLookups.Any(lookup => lookup.PreviewId == preview.Id
                    && (lookup.LeasedUntil > now || db.MessageLinks.Any(link => link.AddressKey == lookup.AddressKey && link.DueAt != null))))
                .Select(preview => new { preview.Id, preview.PictureHash })
                .Take(BatchSize)
                .ToListAsync(cancellationToken);
            var ids = unused.Select(preview => preview.Id).ToArray();
            // The next message with the address has it looked up again.
            await db.LinkLookups.Where(lookup => lookup.PreviewId != null && ids.Contains(lookup.PreviewId.Value)).ExecuteDeleteAsync(cancellationToken);
            count = ids.Length == 0 ? 0 : await db.LinkPreviews.Where(preview => ids.Contains(preview.Id))
                .Where(preview => !db.MessageLinks.Any(link => link.PreviewId == preview.Id && !link.IsRemoved))
                .ExecuteDeleteAsync(cancellationToken);
            await cleaner.RemoveUnusedAsync(unused.Select(preview => preview.PictureHash).OfType<byte[]>(), cancellationToken);
        }
    }
}
