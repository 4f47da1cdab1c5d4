namespace BlazorChat.Feeds;

/// <summary>A stretch of a feed.</summary>
/// <param name="Changes">
/// By rising revision. A number may be missing when a later change to the same thing has overtaken it: the later one says all.
/// </param>
/// <param name="Revision">Everything up to it is in this page or in those before; follow on from here.</param>
/// <param name="HasMore">More is known to exist after <paramref name="Revision"/>.</param>
public sealed record FeedPage<TChange>(IReadOnlyList<TChange> Changes, long Revision, bool HasMore);
