namespace BlazorChat.Feeds;

/// <summary>Consecutive changes of a feed.</summary>
/// <param name="Changes">
/// The changes by ascending revision. A revision is missing when a later change to the same item has superseded it.
/// </param>
/// <param name="Revision">The revision up to which this page and those before it are complete. Follow on from it.</param>
/// <param name="HasMore">Whether changes after <paramref name="Revision"/> are known.</param>
public sealed record FeedPage<TChange>(IReadOnlyList<TChange> Changes, long Revision, bool HasMore);
