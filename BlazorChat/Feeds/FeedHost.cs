using System.Runtime.CompilerServices;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using Microsoft.Extensions.Options;

namespace BlazorChat.Feeds;

/// <summary>
/// The feeds of one kind that somebody on this node follows. A feed is there from its first follower to its last; one
/// subscription, one ring and one repair serve all of them.
/// </summary>
internal sealed class FeedHost<TChange> : BackgroundService
    where TChange : IFeedChange
{
    private const int MaxRepairs = 4;

    private readonly Dictionary<int, (Feed<TChange> Feed, FeedConsumer<TChange> Consumer)> _feeds = [];
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _mustCheck = new(0, 1);
    private readonly FeedContext<TChange> _context;
    private readonly NodeConnector _consumers;
    private readonly IChannelLayer _layer;

    public FeedHost(
        IFeedSource<TChange> source,
        IChannelLayer layer,
        NodeConnector consumers,
        IOptions<FeedOptions> options,
        TimeProvider time,
        ILogger<FeedHost<TChange>> logger)
    {
        _layer = layer;
        _consumers = consumers;
        _context = new FeedContext<TChange>(source, options.Value, time, new SemaphoreSlim(MaxRepairs), logger);
    }

    /// <summary>
    /// Every change after a revision, in order and without doubles, for as long as the caller enumerates; never ends by
    /// itself. A slow caller costs nothing but its own delay: it holds a revision, not a queue.
    /// </summary>
    /// <param name="afterRevision">What the caller has already, as <see cref="FeedPage{TChange}.Revision"/> told it; 0 for everything.</param>
    /// <returns>Pages of at least one change; what has gathered since the last one comes together.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async IAsyncEnumerable<FeedPage<TChange>> FollowAsync(
        int feedId, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var waiter = new FeedWaiter(cancellationToken);
        var feed = await EnterAsync(feedId, cancellationToken);
        try
        {
            var revision = afterRevision;
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await feed.WaitAsync(waiter, revision);
                var page = feed.TryRead(revision) ?? await ReadOlderAsync(feed, revision, cancellationToken);
                revision = page.Revision;
                if (page.Changes.Count > 0)
                    yield return page;
            }
        }
        finally
        {
            feed.RemoveWaiter(waiter);
            await LeaveAsync(feed);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = _layer.OnStateChanged(_ => RequestCheck());
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var wait = _layer.State == LayerState.Degraded ? _context.Options.PollInterval : Timeout.InfiniteTimeSpan;
                await _mustCheck.WaitAsync(wait, stoppingToken);
                await CheckAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                FeedLog.CheckFailed(_context.Logger, exception);
                await Task.Delay(_context.Options.PollInterval, _context.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                RequestCheck();
            }
        }
    }

    /// <summary>What is no longer at hand, from the database; a page that says there is more when the ring must be looked at again.</summary>
    private async Task<FeedPage<TChange>> ReadOlderAsync(Feed<TChange> feed, long revision, CancellationToken cancellationToken)
    {
        var start = feed.RingStart;
        var page = await _context.Source.ReadAsync(feed.Id, revision, cancellationToken);
        return page.HasMore ? page : page with { Revision = Math.Max(page.Revision, start), HasMore = true };
    }

    private async Task<Feed<TChange>> EnterAsync(int feedId, CancellationToken cancellationToken)
    {
        Feed<TChange> feed;
        lock (_gate)
        {
            if (_feeds.TryGetValue(feedId, out var known))
            {
                feed = known.Feed;
            }
            else
            {
                feed = new Feed<TChange>(feedId, _context);
                var consumer = new FeedConsumer<TChange>(_context.Source.GroupOf(feedId), feed.Receive, RequestCheck);
                _feeds.Add(feedId, (feed, consumer));
                feed.Started = StartAsync(feed, consumer);
            }

            feed.Followers++;
        }

        try
        {
            await feed.Started!.WaitAsync(cancellationToken);
            return feed;
        }
        catch
        {
            await LeaveAsync(feed);
            throw;
        }
    }

    /// <summary>Subscribes first and reads then: nothing can fall between.</summary>
    private async Task StartAsync(Feed<TChange> feed, FeedConsumer<TChange> consumer)
    {
        // Runs under the host's lock until it waits; it must not do its work there.
        await Task.Yield();
        await _consumers.ConnectAsync(consumer);
        var revisions = await _context.Source.ReadRevisionsAsync([feed.Id], CancellationToken.None);
        feed.Start(revisions.GetValueOrDefault(feed.Id));
    }

    private async Task LeaveAsync(Feed<TChange> feed)
    {
        FeedConsumer<TChange> consumer;
        lock (_gate)
        {
            if (--feed.Followers > 0)
                return;
            _feeds.Remove(feed.Id, out var known);
            consumer = known.Consumer;
        }

        feed.Dispose();
        await consumer.DisposeAsync();
    }

    private void RequestCheck()
    {
        try
        {
            _mustCheck.Release();
        }
        catch (SemaphoreFullException)
        {
            // Asked already.
        }
    }

    /// <summary>Asks the database by one query which feeds are behind, and has those repaired.</summary>
    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        Feed<TChange>[] feeds;
        lock (_gate)
            feeds = [.. _feeds.Values.Select(known => known.Feed).Where(feed => feed.Started!.IsCompletedSuccessfully)];
        if (feeds.Length == 0)
            return;
        var revisions = await _context.Source.ReadRevisionsAsync([.. feeds.Select(feed => feed.Id)], cancellationToken);
        foreach (var feed in feeds.Where(feed => revisions.GetValueOrDefault(feed.Id) > feed.Revision))
            feed.RequestRepair();
    }
}
