using BlazorChat.Attachments.Rights;
using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Attachments.Uploads;

/// <summary>
/// Finds what was left lying: pictures whose thumbnails a process was about to make when it ended, at the start and every few
/// minutes; and, each night at three o'clock UTC, what nobody sent and files that nobody uses. Several nodes may do it at once.
/// </summary>
internal sealed partial class AttachmentUpkeep(
    IDbContextFactory<ChatDbContext> databases,
    IAttachmentStore store,
    AttachmentOwners owners,
    AttachmentCleaner cleaner,
    ThumbnailMaker thumbnails,
    IOptions<AttachmentOptions> options,
    TimeProvider time,
    ILogger<AttachmentUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Night = TimeSpan.FromHours(3);

    /// <summary>What is younger is still under way: an upload that is being stored, a job that a worker has.</summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromDays(1);

    /// <summary>Attachments that one query reads.</summary>
    internal const int BatchSize = 200;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var night = NextNight();
        // At the start nothing is under way here, and a worker elsewhere leaves alone what is done.
        var minAge = TimeSpan.Zero;
        while (!stoppingToken.IsCancellationRequested)
        {
            await TryAsync(() => RequestPendingAsync(minAge, stoppingToken), stoppingToken);
            minAge = Interval;
            if (time.GetUtcNow() >= night)
            {
                night = NextNight();
                await TryAsync(() => SweepAsync(stoppingToken), stoppingToken);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks again for the thumbnails of pictures that wait for them longer than this.</summary>
    internal async Task RequestPendingAsync(TimeSpan minAge, CancellationToken cancellationToken)
    {
        foreach (var id in await FindPendingAsync(minAge, cancellationToken))
            await thumbnails.RequestAsync(id, cancellationToken);
    }

    /// <summary>
    /// First the pictures that nobody has tried, then those whose last try is the longest ago: pictures that fail again and again
    /// hold up no others.
    /// </summary>
    internal async Task<IReadOnlyList<Guid>> FindPendingAsync(TimeSpan minAge, CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow().UtcDateTime - minAge;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Attachments
            .Where(attachment => attachment.Thumbnails == ThumbnailState.Pending && attachment.UploadedAt <= before)
            .OrderBy(attachment => attachment.ThumbnailTriedAt)
            .ThenBy(attachment => attachment.UploadedAt)
            .Take(BatchSize)
            .Select(attachment => attachment.Id)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Removes attachments that were never sent, then files that nobody uses.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        await RemoveUnsentAsync(cancellationToken);
        var before = time.GetUtcNow() - MinAge;
        store.RemoveUnfinished(before);
        foreach (var hashes in store.List(before).Chunk(BatchSize))
            await cleaner.RemoveUnusedAsync(hashes, cancellationToken);
    }

    private async Task RemoveUnsentAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow().UtcDateTime - options.Value.KeepUnsent;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var after = Guid.Empty;
        var isMore = true;
        while (isMore)
        {
            var ids = await db.Attachments
                .Where(attachment => attachment.MessageId == null && attachment.PostId == null && attachment.UploadedAt < before && attachment.Id > after)
                .OrderBy(attachment => attachment.Id)
                .Take(BatchSize)
                .Select(attachment => attachment.Id)
                .ToListAsync(cancellationToken);
            if (ids.Count == 0)
                return;
            isMore = ids.Count == BatchSize;
            after = ids[^1];
            foreach (var owner in owners.All)
                ids = [.. ids.Except(await owner.FindWantedAsync(ids, cancellationToken))];
            await db.Attachments
                .Where(attachment => ids.Contains(attachment.Id) && attachment.MessageId == null && attachment.PostId == null)
                .ExecuteDeleteAsync(cancellationToken);
        }
    }

    private DateTimeOffset NextNight()
    {
        var now = time.GetUtcNow();
        var today = new DateTimeOffset(now.Date, TimeSpan.Zero) + Night;
        return today > now ? today : today.AddDays(1);
    }

    private async Task TryAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, exception);
        }
        catch (OperationCanceledException)
        {
            // The app stops.
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The upkeep of attachments failed; it goes on in a few minutes")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
