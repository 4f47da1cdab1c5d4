using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Workers.Queue;
using BlazorChat.Common;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Links;

/// <summary>
/// Wakes the workers that look links up: at once after a message of this node, and when a row is due, which also finds those of a node that has
/// stopped. A sender waits for none of it.
/// </summary>
internal sealed partial class LinkRequests(
    IDbContextFactory<ChatDbContext> databases, IChannelLayer layer, IOptions<LinkPreviewOptions> options, TimeProvider time, ILogger<LinkRequests> logger)
    : BackgroundService
{
    /// <summary>The worker channel.</summary>
    public const string Channel = "preview-fetch";

    /// <summary>The most lookups of a node at once.</summary>
    public const int MaxAtOnce = 8;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(250);

    private readonly Signal _added = new();
    private int _wanted;

    /// <summary>Called after rows of links were committed that are due.</summary>
    public void Notify(int count)
    {
        Interlocked.Add(ref _wanted, count);
        _added.Set();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
            return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var (due, wait) = await ReadDueAsync(stoppingToken);
                var wanted = Math.Min(MaxAtOnce, Math.Max(due, Interlocked.Exchange(ref _wanted, 0)));
                for (var i = 0; i < wanted; i++)
                    await layer.SendAsync(Channel, new PreviewWanted(), stoppingToken);
                await _added.WaitAsync(wait, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                if (exception is not (JobQueueFullException or JobQueueUnavailableException or JobQueueRefusedException))
                    LogFailed(logger, exception);
                await Task.Delay(MaxWait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>The number of rows that are due, at most <see cref="MaxAtOnce"/>, and the time until there may be others.</summary>
    private async Task<(int Due, TimeSpan Wait)> ReadDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var next = await db.MessageLinks.AsNoTracking()
            .Where(link => link.DueAt != null)
            .OrderBy(link => link.DueAt)
            .Select(link => link.DueAt!.Value)
            .Take(MaxAtOnce)
            .ToListAsync(cancellationToken);
        var due = next.Count(dueAt => dueAt <= now);
        var wait = due < next.Count ? next[due] - now : MaxWait;
        return (due, TimeSpan.FromTicks(Math.Clamp(wait.Ticks, MinWait.Ticks, MaxWait.Ticks)));
    }

    [LoggerMessage(1, LogLevel.Error, "Links could not be looked up; they are tried again in a few seconds")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
