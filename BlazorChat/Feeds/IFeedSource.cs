namespace BlazorChat.Feeds;

/// <summary>
/// A feature's implementation of its feeds of one kind: the groups that changes are published to, and the queries that read changes. It reads for
/// the node, so it checks no rights; the feature does, before anybody follows. Called from any thread, for several feeds at once.
/// </summary>
/// <typeparam name="TChange">The change of a feed.</typeparam>
public interface IFeedSource<TChange>
    where TChange : IFeedChange
{
    /// <summary>Returns the group of a feed. The feature publishes each change to it after the commit.</summary>
    string GroupOf(int feedId);

    /// <summary>
    /// Reads a page of the changes after a revision, oldest first. When there are more, the page's revision is that of its last change; if not,
    /// it is at least the feed's revision at the time of the call. The host repeats a read that fails while it repairs a feed; another
    /// failure is thrown to the follower.
    /// </summary>
    Task<FeedPage<TChange>> ReadAsync(int feedId, long afterRevision, CancellationToken cancellationToken);

    /// <summary>Reads the newest revision of each of these feeds, with one query. Feeds that do not exist are left out.</summary>
    Task<IReadOnlyDictionary<int, long>> ReadRevisionsAsync(IReadOnlyCollection<int> feedIds, CancellationToken cancellationToken);
}
