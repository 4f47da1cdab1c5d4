using BlazorChat.Common.Search;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Search;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data.SqlServer;

/// <summary>The index in a table with a row for each term of an entry. It knows no order of terms, so it returns more candidates for a phrase.</summary>
internal sealed class TermIndex(ChatDbContext db) : ISearchIndex
{
    /// <summary>The most ids or scopes in one statement.</summary>
    private const int MaxKeys = 500;

    public async Task ReplaceAsync(SearchKind kind, IReadOnlyList<SearchEntry> entries, CancellationToken cancellationToken)
    {
        await RemoveAsync(kind, [.. entries.Select(entry => entry.Id)], cancellationToken);
        db.AddRange(
            from entry in entries
            from term in entry.Terms.Select(term => Cut(entry.Scope + term)).Distinct()
            select new IndexedTerm { Kind = kind, Term = term, ItemId = entry.Id });
        await db.SaveChangesAsync(cancellationToken);
    }

    public async Task RemoveAsync(SearchKind kind, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        foreach (var chunk in ids.Chunk(MaxKeys))
            await db.IndexedTerms.Where(row => row.Kind == kind && chunk.Contains(row.ItemId)).ExecuteDeleteAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<long>> FindAsync(SearchCondition condition, CancellationToken cancellationToken)
    {
        var found = new List<long>();
        foreach (var scope in condition.Scopes)
            found.AddRange(await FindAsync(condition, scope, cancellationToken));
        return [.. found.Distinct().OrderDescending().Take(condition.Count)];
    }

    private async Task<List<long>> FindAsync(SearchCondition condition, string scope, CancellationToken cancellationToken)
    {
        var (kind, after, before) = (condition.Kind, condition.After, condition.Before);
        IQueryable<long>? ids = null;
        foreach (var unit in condition.Units)
        {
            var ofUnit = unit.Alternatives.Select(terms => OfAll(kind, terms, scope)).Aggregate((one, other) => one.Union(other));
            ids = ids is null ? ofUnit : ids.Intersect(ofUnit);
        }

        return await ids!.Where(id => id > after && id < before).OrderByDescending(id => id).Take(condition.Count).ToListAsync(cancellationToken);
    }

    private IQueryable<long> OfAll(SearchKind kind, IReadOnlyList<SearchTerm> terms, string scope) =>
        terms.Distinct().Select(term => Of(kind, term, scope)).Aggregate((all, one) => all.Intersect(one));

    private IQueryable<long> Of(SearchKind kind, SearchTerm term, string scope)
    {
        var first = Cut(scope + term.Text);
        var rows = db.IndexedTerms.Where(row => row.Kind == kind);
        if (!term.IsPrefix)
            return rows.Where(row => row.Term == first).Select(row => row.ItemId);
        // The collation is binary, so terms with a prefix lie together.
        var end = first[..^1] + (char)(first[^1] + 1);
        return rows.Where(row => row.Term.CompareTo(first) >= 0 && row.Term.CompareTo(end) < 0).Select(row => row.ItemId).Distinct();
    }

    private static string Cut(string term) => term.Length <= IndexedTerm.MaxLength ? term : term[..IndexedTerm.MaxLength];
}
