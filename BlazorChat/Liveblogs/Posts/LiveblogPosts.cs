using System.Runtime.CompilerServices;
using System.Security.Claims;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Feeds;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs.Posts;

/// <summary>Reads and follows the posts of a liveblog. Every call checks its caller: see <see cref="LiveblogRights"/>.</summary>
internal sealed class LiveblogPosts(IDbContextFactory<ChatDbContext> databases, FeedHost<LiveblogChanged> feeds)
{
    /// <summary>The most posts of one page.</summary>
    public const int PageSize = 30;

    /// <summary>The most lines of the summary at the top.</summary>
    public const int MaxKeyEvents = 30;

    /// <summary>Reads a page of posts: the newest ones with the pinned one and the key events, or the ones before a post.</summary>
    /// <param name="before">The id of the post; null for the newest ones.</param>
    /// <exception cref="Common.RefusedException">This person may read no such liveblog.</exception>
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

    /// <summary>One post; null when it does not exist or was deleted.</summary>
    /// <exception cref="Common.RefusedException">This person may read no such liveblog.</exception>
    public async Task<LiveblogPostView?> FindAsync(ClaimsPrincipal reader, int liveblogId, int postId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await FindAsync(db, reader, liveblogId, cancellationToken);
        return await Posts(db, liveblogId).Where(post => post.Id == postId).Select(LiveblogPostView.FromPost).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>
    /// Enumerates the changes of a liveblog after a revision, ordered and without duplicates, until the token is cancelled: see
    /// <see cref="FeedHost{TChange}.FollowAsync"/>.
    /// </summary>
    /// <exception cref="Common.RefusedException">This person may read no such liveblog, or lost the right while it is a draft.</exception>
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
