using System.Runtime.CompilerServices;
using System.Security.Claims;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Feeds;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs.Posts;

/// <summary>What readers read. Every call is checked for its caller: see <see cref="LiveblogRights"/>.</summary>
internal sealed class LiveblogPosts(IDbContextFactory<ChatDbContext> databases, FeedHost<LiveblogChanged> feeds)
{
    /// <summary>The most posts one read returns.</summary>
    public const int PageSize = 30;

    /// <summary>The most lines of the summary at the top.</summary>
    public const int MaxKeyEvents = 30;

    /// <summary>The newest posts, with the pinned one and the key events; or the posts that are just older than one.</summary>
    /// <param name="before">The post's number; null for the newest ones.</param>
    /// <exception cref="Common.RefusedException">There is no liveblog that this person may read.</exception>
    public async Task<LiveblogSnapshot> ReadAsync(ClaimsPrincipal reader, int liveblogId, int? before, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var liveblog = await FindAsync(db, reader, liveblogId, cancellationToken);
        var older = before ?? int.MaxValue;
        var posts = await Posts(db, liveblogId)
            .Where(post => post.Id < older && !post.IsPinned)
            .OrderByDescending(post => post.Id)
            .Take(PageSize + 1)
            .Select(LiveblogPostView.FromPost)
            .ToListAsync(cancellationToken);
        var hasOlder = posts.Count > PageSize;
        if (hasOlder)
            posts.RemoveAt(PageSize);
        if (before is not null)
            return new LiveblogSnapshot(liveblog, posts, hasOlder, null, []);

        var pinned = await Posts(db, liveblogId).Where(post => post.IsPinned).Select(LiveblogPostView.FromPost).FirstOrDefaultAsync(cancellationToken);
        var keyEvents = await Posts(db, liveblogId)
            .Where(post => post.IsKeyEvent)
            .OrderByDescending(post => post.Id)
            .Take(MaxKeyEvents)
            .Select(post => new KeyEventView(post.Id, post.Title, post.PublishedAt))
            .ToListAsync(cancellationToken);
        return new LiveblogSnapshot(liveblog, posts, hasOlder, pinned, keyEvents);
    }

    /// <summary>One post, or null when it is not there any more.</summary>
    /// <exception cref="Common.RefusedException">There is no liveblog that this person may read.</exception>
    public async Task<LiveblogPostView?> FindAsync(ClaimsPrincipal reader, int liveblogId, int postId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await FindAsync(db, reader, liveblogId, cancellationToken);
        return await Posts(db, liveblogId).Where(post => post.Id == postId).Select(LiveblogPostView.FromPost).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>
    /// Everything that happens in a liveblog after a revision, in order and without doubles, until the token is cancelled: see
    /// <see cref="FeedHost{TChange}.FollowAsync"/>.
    /// </summary>
    /// <exception cref="Common.RefusedException">There is no liveblog that this person may read, or, while it is a draft, no longer.</exception>
    public async IAsyncEnumerable<FeedPage<LiveblogChanged>> FollowAsync(
        ClaimsPrincipal reader, int liveblogId, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await CheckReaderAsync(reader, liveblogId, cancellationToken);
        await foreach (var page in feeds.FollowAsync(liveblogId, afterRevision, cancellationToken))
        {
            if (page.Changes.Any(change => change.Liveblog.State == LiveblogState.Draft))
                await CheckReaderAsync(reader, liveblogId, cancellationToken);
            yield return page;
        }
    }

    private static IQueryable<LiveblogPost> Posts(ChatDbContext db, int liveblogId) =>
        db.LiveblogPosts.AsNoTracking().Where(post => post.LiveblogId == liveblogId && post.DeletedAt == null);

    private async Task CheckReaderAsync(ClaimsPrincipal reader, int liveblogId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await FindAsync(db, reader, liveblogId, cancellationToken);
    }

    private static async Task<LiveblogView> FindAsync(
        ChatDbContext db, ClaimsPrincipal reader, int liveblogId, CancellationToken cancellationToken) =>
        await LiveblogRights.Visible(db, reader)
            .Where(liveblog => liveblog.Id == liveblogId)
            .Select(LiveblogView.FromLiveblog)
            .SingleOrDefaultAsync(cancellationToken) ?? throw LiveblogRights.NotFound();
}
