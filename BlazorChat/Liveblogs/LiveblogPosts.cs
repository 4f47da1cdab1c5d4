using System.Runtime.CompilerServices;
using System.Security.Claims;
using BlazorChat.Accounts;
using BlazorChat.Channels;
using BlazorChat.Data;
using BlazorChat.Feeds;
using BlazorChat.Markup;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;

namespace BlazorChat.Liveblogs;

/// <summary>
/// What is written in liveblogs: admins write it, and everybody reads it once the liveblog has started. Every call is checked for
/// its caller. A change is committed before it returns, and before anybody sees it.
/// </summary>
internal sealed class LiveblogPosts(
    IDbContextFactory<ChatDbContext> databases,
    LiveblogWriter writer,
    FeedHost<LiveblogChanged> feeds,
    HybridCache cache,
    IChannelLayer layer,
    TimeProvider time)
{
    /// <summary>The most posts one read returns.</summary>
    public const int PageSize = 50;

    private static readonly HybridCacheEntryOptions ThisNodeOnly = new() { Flags = HybridCacheEntryFlags.DisableDistributedCache };

    /// <param name="title">The headline; empty for none.</param>
    /// <exception cref="RefusedException">Not an admin, no such liveblog or an archived one, or a text that cannot be kept.</exception>
    public async Task<LiveblogPostView> CreateAsync(
        ClaimsPrincipal admin, int liveblogId, string title, string markdown, CancellationToken cancellationToken)
    {
        LiveblogDirectory.CheckAdmin(admin);
        LiveblogText.CheckPost(markdown);
        var headline = LiveblogText.CleanHeadline(title);
        var html = MarkdownHtml.Render(markdown);
        return await ChangeAsync(
            liveblogId,
            (db, liveblog, _) =>
            {
                var post = new LiveblogPost
                {
                    LiveblogId = liveblog.Id,
                    Revision = ++liveblog.LastRevision,
                    AuthorId = admin.UserId,
                    Title = headline,
                    Markdown = markdown,
                    Html = html,
                    PublishedAt = time.GetUtcNow().UtcDateTime,
                };
                db.Add(post);
                return Task.FromResult(post);
            },
            cancellationToken);
    }

    /// <summary>Writes a post anew. What is so already is no change.</summary>
    /// <exception cref="RefusedException">Not an admin, no such post, an archived liveblog, or a text that cannot be kept.</exception>
    public async Task<LiveblogPostView> EditAsync(
        ClaimsPrincipal admin, int liveblogId, int postId, string title, string markdown, CancellationToken cancellationToken)
    {
        LiveblogDirectory.CheckAdmin(admin);
        LiveblogText.CheckPost(markdown);
        var headline = LiveblogText.CleanHeadline(title);
        var html = MarkdownHtml.Render(markdown);
        return await ChangeAsync(
            liveblogId,
            async (db, liveblog, token) =>
            {
                var post = await FindAsync(db, liveblog, postId, token);
                if (post.DeletedAt is not null)
                    throw NoSuchPost();
                if (post.Title == headline && post.Markdown == markdown)
                    return post;
                post.Title = headline;
                post.Markdown = markdown;
                post.Html = html;
                post.EditedAt = time.GetUtcNow().UtcDateTime;
                post.Revision = ++liveblog.LastRevision;
                return post;
            },
            cancellationToken);
    }

    /// <summary>Takes a post away, with all that was written in it. Deleting it twice is deleting it once.</summary>
    /// <exception cref="RefusedException">Not an admin, no such post, or an archived liveblog.</exception>
    public async Task DeleteAsync(ClaimsPrincipal admin, int liveblogId, int postId, CancellationToken cancellationToken)
    {
        LiveblogDirectory.CheckAdmin(admin);
        await ChangeAsync(
            liveblogId,
            async (db, liveblog, token) =>
            {
                var post = await FindAsync(db, liveblog, postId, token);
                if (post.DeletedAt is not null)
                    return post;
                post.Title = "";
                post.Markdown = "";
                post.Html = "";
                post.DeletedAt = time.GetUtcNow().UtcDateTime;
                post.Revision = ++liveblog.LastRevision;
                return post;
            },
            cancellationToken);
    }

    /// <summary>
    /// The newest posts with the revision up to which they are complete; follow on from there. Many who come at once share one
    /// read.
    /// </summary>
    /// <exception cref="RefusedException">There is no liveblog that this person may read.</exception>
    public async Task<LiveblogPage> ReadLatestAsync(ClaimsPrincipal reader, int liveblogId, CancellationToken cancellationToken)
    {
        var revision = await ReadRevisionAsync(reader, liveblogId, cancellationToken);
        // The revision is part of the key, so what is found is never out of date.
        return await cache.GetOrCreateAsync(
            $"liveblog/{liveblogId}/latest/{revision}",
            async token => new LiveblogPage(await ReadAsync(liveblogId, posts => posts, token), revision),
            layer.State == LayerState.Degraded ? ThisNodeOnly : null,
            cancellationToken: cancellationToken);
    }

    /// <summary>The posts that are just older than this one.</summary>
    /// <exception cref="RefusedException">There is no liveblog that this person may read.</exception>
    public async Task<LiveblogPage> ReadBeforeAsync(
        ClaimsPrincipal reader, int liveblogId, LiveblogPostView post, CancellationToken cancellationToken)
    {
        // Read before the posts: a change that comes between is then read twice rather than missed.
        var revision = await ReadRevisionAsync(reader, liveblogId, cancellationToken);
        var (publishedAt, id) = (post.PublishedAt, post.Id);
        var posts = await ReadAsync(
            liveblogId,
            posts => posts.Where(p => p.PublishedAt < publishedAt || (p.PublishedAt == publishedAt && p.Id < id)),
            cancellationToken);
        return new LiveblogPage(posts, revision);
    }

    /// <summary>
    /// Everything that happens in a liveblog after a revision, in order and without doubles, until the token is cancelled: see
    /// <see cref="FeedHost{TChange}.FollowAsync"/>.
    /// </summary>
    /// <exception cref="RefusedException">There is no liveblog that this person may read.</exception>
    public async IAsyncEnumerable<FeedPage<LiveblogChanged>> FollowAsync(
        ClaimsPrincipal reader, int liveblogId, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ReadRevisionAsync(reader, liveblogId, cancellationToken);
        await foreach (var page in feeds.FollowAsync(liveblogId, afterRevision, cancellationToken))
            yield return page;
    }

    private async Task<LiveblogPostView> ChangeAsync(
        int liveblogId, Func<ChatDbContext, Liveblog, CancellationToken, Task<LiveblogPost>> change, CancellationToken cancellationToken)
    {
        var changed = await writer.ChangeAsync(
            liveblogId,
            async (db, liveblog, token) => liveblog.State == LiveblogState.Archived
                ? throw LiveblogDirectory.Archived()
                : await change(db, liveblog, token),
            cancellationToken);
        return changed.Post!;
    }

    private async Task<IReadOnlyList<LiveblogPostView>> ReadAsync(
        int liveblogId, Func<IQueryable<LiveblogPost>, IQueryable<LiveblogPost>> choose, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await choose(db.LiveblogPosts.AsNoTracking().Where(post => post.LiveblogId == liveblogId && post.DeletedAt == null))
            .OrderByDescending(post => post.PublishedAt)
            .ThenByDescending(post => post.Id)
            .Take(PageSize)
            .Select(LiveblogPostView.FromPost)
            .ToListAsync(cancellationToken);
    }

    private async Task<long> ReadRevisionAsync(ClaimsPrincipal reader, int liveblogId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var revision = await LiveblogDirectory.Visible(db, reader)
            .Where(liveblog => liveblog.Id == liveblogId)
            .Select(liveblog => (long?)liveblog.LastRevision)
            .SingleOrDefaultAsync(cancellationToken);
        return revision ?? throw LiveblogDirectory.NotFound();
    }

    private static async Task<LiveblogPost> FindAsync(ChatDbContext db, Liveblog liveblog, int postId, CancellationToken cancellationToken) =>
        await db.LiveblogPosts.SingleOrDefaultAsync(post => post.Id == postId && post.LiveblogId == liveblog.Id, cancellationToken)
            ?? throw NoSuchPost();

    private static RefusedException NoSuchPost() => new(RefusalCode.NotFound, "There is no such post.");
}
