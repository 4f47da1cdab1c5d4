namespace BlazorChat.Feeds;

/// <summary>
/// What a feature says of its feeds of one kind: where their changes are published, and how the database is read. It reads
/// for the node, so it checks nobody's rights: the feature does, before it lets anyone follow.
/// </summary>
public interface IFeedSource<TChange>
    where TChange : IFeedChange
{
    /// <summary>The group to which each change is published, after it is committed.</summary>
    string GroupOf(int feedId);

    /// <summary>
    /// What changed after a revision, oldest change first: a page of it. The page's revision is that of its last change when
    /// there is more, and at least the feed's revision at the time of the call otherwise.
    /// </summary>
    Task<FeedPage<TChange>> ReadAsync(int feedId, long afterRevision, CancellationToken cancellationToken);

    /// <summary>The newest revision of each of these feeds, by one query; feeds that do not exist are left out.</summary>
    Task<IReadOnlyDictionary<int, long>> ReadRevisionsAsync(IReadOnlyCollection<int> feedIds, CancellationToken cancellationToken);
}
