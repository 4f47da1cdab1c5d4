using BlazorChat.Data;
using BlazorChat.Feeds;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs.Posts;

/// <summary>Each liveblog is a feed of the changes to its posts and to itself. Its archiving is the last one.</summary>
internal sealed class LiveblogFeed(IDbContextFactory<ChatDbContext> databases) : IFeedSource<LiveblogChanged>
{
    private const int PageSize = 256;

    public string GroupOf(int feedId) => LiveblogGroups.Liveblog(feedId);

    public async Task<FeedPage<LiveblogChanged>> ReadAsync(int feedId, long afterRevision, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Posts changed after this read are left for the next page, so that no change of the liveblog itself is skipped between two posts.
        var liveblog = await db.Liveblogs.Where(liveblog => liveblog.Id == feedId).Select(LiveblogView.FromLiveblog).SingleOrDefaultAsync(cancellationToken);
        if (liveblog is null)
            return new FeedPage<LiveblogChanged>([], afterRevision, HasMore: false);
        var posts = await db.LiveblogPosts.AsNoTracking()
            .Where(post => post.LiveblogId == feedId && post.Revision > afterRevision && post.Revision <= liveblog.Revision)
            .OrderBy(post => post.Revision)
            .Take(PageSize)
            .Select(LiveblogPostView.FromPost)
            .ToListAsync(cancellationToken);
        var hasMore = posts.Count == PageSize;
        var last = hasMore ? posts[^1].Revision : Math.Max(afterRevision, liveblog.Revision);
        var changes = posts.Select(post => new LiveblogChanged(liveblog, post.Revision, post));
        if (liveblog.HeadRevision > afterRevision && liveblog.HeadRevision <= last)
            changes = changes.Append(new LiveblogChanged(liveblog, liveblog.HeadRevision, null)).OrderBy(change => change.Revision);
        return new FeedPage<LiveblogChanged>([.. changes], last, hasMore);
    }

    public async Task<IReadOnlyDictionary<int, long>> ReadRevisionsAsync(
        IReadOnlyCollection<int> feedIds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Liveblogs
            .Where(liveblog => feedIds.Contains(liveblog.Id))
            .Select(liveblog => new { liveblog.Id, liveblog.LastRevision })
            .ToDictionaryAsync(liveblog => liveblog.Id, liveblog => liveblog.LastRevision, cancellationToken);
    }
}
