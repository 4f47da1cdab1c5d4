using BlazorChat.Common.Search;
using BlazorChat.Data.Entities;

namespace BlazorChat.Data.Search;

/// <summary>What is written about a message or a post into the index.</summary>
/// <param name="Id">The number of the message or the post. Results are ordered by it, newest first.</param>
/// <param name="Scope">Who may find it: see <see cref="SearchScope"/>.</param>
/// <param name="Terms">In their order, each as often as it occurs.</param>
internal sealed record SearchEntry(long Id, string Scope, IReadOnlyList<string> Terms);

/// <summary>What is searched: entries of any of the scopes that have all units.</summary>
/// <param name="After">Only entries with a higher id.</param>
/// <param name="Before">Only entries with a lower id.</param>
/// <param name="Count">The most ids that are returned.</param>
internal sealed record SearchCondition(
    SearchKind Kind, IReadOnlyCollection<string> Scopes, IReadOnlyList<SearchUnit> Units, long After, long Before, int Count);

/// <summary>
/// The index of the words of messages and posts, in the database of a context. It returns candidates: texts change after they were indexed, so its
/// callers read them and check the right to them and that they match.
/// </summary>
internal interface ISearchIndex
{
    /// <summary>Writes entries, in place of those with the same ids. In a transaction of the context.</summary>
    Task ReplaceAsync(SearchKind kind, IReadOnlyList<SearchEntry> entries, CancellationToken cancellationToken);

    /// <summary>Removes entries; those that do not exist are skipped. In a transaction of the context.</summary>
    Task RemoveAsync(SearchKind kind, IReadOnlyList<long> ids, CancellationToken cancellationToken);

    /// <summary>The ids of the newest entries, newest first.</summary>
    Task<IReadOnlyList<long>> FindAsync(SearchCondition condition, CancellationToken cancellationToken);
}
