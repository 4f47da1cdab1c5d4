using System.Runtime.CompilerServices;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using Microsoft.Extensions.Options;

namespace BlazorChat.Feeds;

/// <summary>
/// The followed feeds of one kind on one node: a feed exists from its first follower to its last. One subscription, one ring of recent changes
/// and one repair serve all followers of a feed. While the channel layer is degraded the host polls the database, once per
/// <see cref="FeedOptions.PollInterval"/> for all feeds together. A singleton; any thread may follow. Django Channels has nothing like it:
/// its events are lost when nobody receives them.
/// </summary>
/// <typeparam name="TChange">The change of a feed; added with its <see cref="IFeedSource{TChange}"/> by <see cref="FeedServices.AddFeed"/>.</typeparam>
/// <example>
/// <code>
/// await foreach (var page in feeds.FollowAsync(roomId, afterRevision: 0, cancellationToken))
/// {
///     foreach (var change in page.Changes)
///         Apply(change);
///     revision = page.Revision; // follow on from here after a disconnection, on any node
/// }
/// </code>
/// </example>
internal sealed class FeedHost<TChange> : ResyncService
    where TChange : IFeedChange
{
    private const int MaxRepairs = 4;

    private readonly Dictionary<int, (Feed<TChange> Feed, FeedConsumer<TChange> Consumer)> _feeds = [];
    private readonly Lock _gate = new();
    private readonly FeedContext<TChange> _context;
    private readonly NodeConnector _consumers;

    public FeedHost(
        IFeedSource<TChange> source,
        IChannelLayer layer,
        NodeConnector consumers,
        IOptions<FeedOptions> options,
        TimeProvider time,
        ILogger<FeedHost<TChange>> logger)
        : base(layer, time, logger)
    {
        _consumers = consumers;
        _context = new FeedContext<TChange>(source, options.Value, time, new SemaphoreSlim(MaxRepairs), logger);
    }

    protected override TimeSpan DegradedInterval => _context.Options.PollInterval;

    /// <summary>
    /// Follows a feed: returns every change after a revision, in order and once each, and then each new one, until the caller stops. A slow
    /// caller delays nobody: the host stores its revision, not a queue. The caller has checked the right to follow. The enumeration continues
    /// on a thread of the pool that wakes up to 32 followers one after the other, so it must not block that thread.
    /// </summary>
    /// <param name="feedId">The id of the feed among those of its kind.</param>
    /// <param name="afterRevision">The <see cref="FeedPage{TChange}.Revision"/> that the caller has reached; 0 for the whole feed.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>Pages of at least one change. Changes that were made since the previous page come together, at most 256 from the ring.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="Exception">What <see cref="IFeedSource{TChange}"/> threw while the feed started or older changes were read.</exception>
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

    /// <summary>Asks the database with one query which feeds are behind, and repairs those.</summary>
    protected override async Task ResyncAsync(CancellationToken cancellationToken)
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

    /// <summary>Reads changes that are older than the ring from the database. The last such page is marked as incomplete, so that the ring is read next.</summary>
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
                var consumer = new FeedConsumer<TChange>(_context.Source.GroupOf(feedId), feed.Receive, RequestResync);
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

    /// <summary>Subscribes first and reads the revision then, so that no change is missed between the two.</summary>
    private async Task StartAsync(Feed<TChange> feed, FeedConsumer<TChange> consumer)
    {
        // The caller holds the lock until the first await.
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
}
