namespace BlazorChat.Feeds;

/// <summary>What the feeds of one kind share on a node.</summary>
/// <param name="Source">Reads the database.</param>
/// <param name="Options">The settings.</param>
/// <param name="Time">The clock.</param>
/// <param name="Repairs">Limits how many feeds read the database at once.</param>
/// <param name="Logger">The log of the host.</param>
internal sealed record FeedContext<TChange>(
    IFeedSource<TChange> Source, FeedOptions Options, TimeProvider Time, SemaphoreSlim Repairs, ILogger Logger)
    where TChange : IFeedChange;
