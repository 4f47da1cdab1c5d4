namespace BlazorChat.Feeds;

/// <summary>What the feeds of one kind share on a node.</summary>
/// <param name="Repairs">Limits how many feeds read the database at once.</param>
internal sealed record FeedContext<TChange>(
    IFeedSource<TChange> Source, FeedOptions Options, TimeProvider Time, SemaphoreSlim Repairs, ILogger Logger)
    where TChange : IFeedChange;
