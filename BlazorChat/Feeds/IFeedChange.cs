namespace BlazorChat.Feeds;

/// <summary>
/// One change of a feed, whole and immutable: the event that the channel layer carries, and what followers get.
/// </summary>
public interface IFeedChange
{
    /// <summary>The feed's number among those of its kind.</summary>
    int FeedId { get; }

    /// <summary>From 1, without holes within the feed; assigned by the database in the transaction of the change.</summary>
    long Revision { get; }

    /// <summary>
    /// What it is a change to, within its feed: whoever is told the newest change of an item need not be told the earlier ones.
    /// Null for a change that none overtakes.
    /// </summary>
    long? ItemId => null;
}
