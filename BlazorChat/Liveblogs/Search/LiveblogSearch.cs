using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Common;
using BlazorChat.Common.Search;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Data.Search;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs.Search;

/// <summary>A post that was found.</summary>
/// <param name="Slug">The part of the address of its liveblog.</param>
/// <param name="Snippet">The text around what was found.</param>
public sealed record PostResult(int PostId, string Slug, string Liveblog, DateTime PublishedAt, IReadOnlyList<SnippetPart> Snippet);

/// <summary>Finds posts of liveblogs that a person may read now, by words and phrases.</summary>
internal sealed class LiveblogSearch(IDbContextFactory<ChatDbContext> databases, CommandLimit commands)
{
    /// <summary>The most results of a page.</summary>
    public const int PageSize = 20;

    /// <summary>UTF-16 code units of a query.</summary>
    public const int MaxLength = 500;

    /// <summary>UTF-16 code units.</summary>
    private const int MaxSnippet = 240;

    /// <summary>The most words and phrases.</summary>
    private const int MaxUnits = 30;

    /// <summary>The most candidates of one query of the index.</summary>
    private const int MaxCandidates = 500;

    /// <summary>The most queries of the index for one page.</summary>
    private const int MaxRounds = 100;

    /// <summary>A page of results, newest first; and whether there are more after it.</summary>
    /// <param name="before">The id of the last post of the previous page; null for the first page.</param>
    /// <exception cref="RefusedException">The query is too long, or too many commands.</exception>
    public async Task<(IReadOnlyList<PostResult> Results, bool HasOlder)> FindAsync(
        ClaimsPrincipal reader, string query, int? before, CancellationToken cancellationToken)
    {
        commands.Acquire(reader);
        if (query.Length > MaxLength)
            throw new RefusedException(RefusalCode.Invalid, LiveblogTexts.Get("SearchTooLong", MaxLength));
        var units = SearchWords.Read(query).Take(MaxUnits).ToArray();
        if (units.Length == 0)
            return ([], false);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var scopes = await FindScopesAsync(db, reader, cancellationToken);
        var found = new List<PostResult>();
        var (last, count) = ((long)(before ?? int.MaxValue), PageSize + 1);
        for (var round = 0; round < MaxRounds; round++)
        {
            var ids = await db.SearchIndex.FindAsync(new SearchCondition(SearchKind.Post, scopes, units, After: 0, last, count), cancellationToken);
            found.AddRange(await ReadAsync(db, reader, units, ids, cancellationToken));
            if (ids.Count < count || found.Count > PageSize)
                break;
            last = ids[^1];
            count = Math.Min(count * 2, MaxCandidates);
        }

        return ([.. found.Take(PageSize)], found.Count > PageSize);
    }

    private static async Task<IReadOnlyCollection<string>> FindScopesAsync(ChatDbContext db, ClaimsPrincipal reader, CancellationToken cancellationToken)
    {
        // Posts of a liveblog that has just started are written again one after the other.
        var closed = await LiveblogRights.Visible(db, reader)
            .Where(liveblog => liveblog.State == LiveblogState.Draft
                || db.SearchPositions.Any(p => p.Kind == SearchKind.Post && p.SourceId == liveblog.Id && (!p.IsOpen || p.RescopedUntil != null)))
            .Select(liveblog => liveblog.Id)
            .ToListAsync(cancellationToken);
        return [SearchScope.All, .. closed.Select(SearchScope.OfSource)];
    }

    private static async Task<IEnumerable<PostResult>> ReadAsync(
        ChatDbContext db, ClaimsPrincipal reader, SearchUnit[] units, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return [];
        int[] postIds = [.. ids.Select(id => (int)id)];
        var posts = await (
            from post in db.LiveblogPosts.AsNoTracking()
            join liveblog in LiveblogRights.Visible(db, reader) on post.LiveblogId equals liveblog.Id
            where postIds.Contains(post.Id) && post.DeletedAt == null
            orderby post.Id descending
            select new { post.Id, liveblog.Slug, Liveblog = liveblog.Title, post.PublishedAt, post.Title, post.Html }).ToListAsync(cancellationToken);
        return
            from post in posts
            let text = LiveblogSearchFollower.TextOf(post.Title, post.Html)
            let analysed = SearchText.Of(text)
            where units.All(unit => unit.FindIn(analysed).Any())
            let snippet = SearchSnippet.Of(text, units.SelectMany(unit => unit.FindIn(analysed)), MaxSnippet)
            select new PostResult(post.Id, post.Slug, post.Liveblog, post.PublishedAt, snippet);
    }
}
