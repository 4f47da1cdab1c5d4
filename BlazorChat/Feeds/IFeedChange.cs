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
}
