using System.Security.Claims;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Liveblogs;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs.Directory;

/// <summary>Finds liveblogs. Every call returns only what its caller may read: see <see cref="LiveblogRights"/>.</summary>
internal sealed class LiveblogDirectory(IDbContextFactory<ChatDbContext> databases)
{
    /// <summary>Liveblogs on one page of the list.</summary>
    public const int PageSize = 50;

    /// <summary>The most addresses in a sitemap, by its specification.</summary>
    public const int MaxMapped = 50_000;

    /// <summary>A page of all liveblogs, live ones first, newer ones before older ones; and whether there are more after it.</summary>
    /// <param name="before">The id of the last liveblog of the previous page; null for the first page.</param>
    public async Task<(IReadOnlyList<LiveblogView> Liveblogs, bool HasOlder)> ListPageAsync(
        ClaimsPrincipal reader, int? before, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var visible = LiveblogRights.Visible(db, reader);
        if (before is { } last)
        {
            var isLive = await visible.AnyAsync(liveblog => liveblog.Id == last && liveblog.State == LiveblogState.Live, cancellationToken);
            visible = visible.Where(liveblog => liveblog.State == LiveblogState.Live
                ? isLive && liveblog.Id < last
                : isLive || liveblog.Id < last);
        }

        var page = await ReadAsync(visible, PageSize + 1, cancellationToken);
        return ([.. page.Take(PageSize)], page.Count > PageSize);
    }

    /// <summary>The liveblogs that are not archived, in the same order.</summary>
    public async Task<IReadOnlyList<LiveblogView>> ListOpenAsync(ClaimsPrincipal reader, int atMost, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var open = LiveblogRights.Visible(db, reader).Where(liveblog => liveblog.State != LiveblogState.Archived);
        return await ReadAsync(open, atMost, cancellationToken);
    }

    /// <summary>The newest public liveblogs, at most <see cref="MaxMapped"/>, with the time of their newest change.</summary>
    public async Task<IReadOnlyList<(string Slug, DateTime ChangedAt)>> ListPublicAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var liveblogs = await LiveblogRights.Visible(db, LiveblogRights.Anonymous)
            .OrderByDescending(liveblog => liveblog.Id)
            .Take(MaxMapped)
            .Select(liveblog => new
            {
                liveblog.Slug,
                liveblog.CreatedAt,
                liveblog.StartedAt,
                liveblog.ArchivedAt,
                PostsChangedAt = db.LiveblogPosts
                    .Where(post => post.LiveblogId == liveblog.Id)
                    .Max(post => (DateTime?)(post.DeletedAt ?? post.EditedAt ?? post.PublishedAt)),
            })
            .ToListAsync(cancellationToken);
        return [.. liveblogs.Select(liveblog => (
            liveblog.Slug,
            new[] { liveblog.CreatedAt, liveblog.StartedAt, liveblog.ArchivedAt, liveblog.PostsChangedAt }.Max()!.Value))];
    }

    /// <summary>The liveblog at an address; null when it does not exist or this person may not read it.</summary>
    public async Task<LiveblogView?> FindAsync(ClaimsPrincipal reader, string slug, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await LiveblogRights.Visible(db, reader)
            .Where(liveblog => liveblog.Slug == slug)
            .Select(LiveblogView.FromLiveblog)
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Whether a person may write in a liveblog.</summary>
    public async Task<bool> IsEditorAsync(ClaimsPrincipal person, int liveblogId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await LiveblogRights.IsEditorAsync(db, person, liveblogId, cancellationToken);
    }

    private static async Task<IReadOnlyList<LiveblogView>> ReadAsync(
        IQueryable<Liveblog> liveblogs, int atMost, CancellationToken cancellationToken) =>
        await liveblogs
            .OrderByDescending(liveblog => liveblog.State == LiveblogState.Live)
            .ThenByDescending(liveblog => liveblog.Id)
            .Take(atMost)
            .Select(LiveblogView.FromLiveblog)
            .ToListAsync(cancellationToken);
}
