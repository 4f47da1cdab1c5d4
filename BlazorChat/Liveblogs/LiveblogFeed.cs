using BlazorChat.Data;
using BlazorChat.Feeds;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs;

/// <summary>Each liveblog is a feed of what happens to its posts; the last change of an archived one says so.</summary>
internal sealed class LiveblogFeed(IDbContextFactory<ChatDbContext> databases) : IFeedSource<LiveblogChanged>
{
    private const int PageSize = 256;

    public string GroupOf(int feedId) => LiveblogGroups.Liveblog(feedId);

    public async Task<FeedPage<LiveblogChanged>> ReadAsync(int feedId, long afterRevision, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Read before the posts: what comes between is in the page, though not counted.
        var liveblog = await db.Liveblogs.Where(liveblog => liveblog.Id == feedId).Select(LiveblogView.FromLiveblog).SingleOrDefaultAsync(cancellationToken);
        if (liveblog is null)
            return new FeedPage<LiveblogChanged>([], afterRevision, HasMore: false);
        var posts = await db.LiveblogPosts.AsNoTracking()
            .Where(post => post.LiveblogId == feedId && post.Revision > afterRevision)
            .OrderBy(post => post.Revision)
            .Take(PageSize)
            .Select(LiveblogPostView.FromPost)
            .ToListAsync(cancellationToken);
        var changes = posts.Select(post => new LiveblogChanged(feedId, liveblog.Slug, post.Revision, post)).ToList();
        var last = posts is [.., var post] ? post.Revision : afterRevision;
        if (posts.Count == PageSize)
            return new FeedPage<LiveblogChanged>(changes, last, HasMore: true);

        // Archiving took the last revision there is.
        if (liveblog.State == LiveblogState.Archived && liveblog.Revision > last)
            changes.Add(new LiveblogChanged(feedId, liveblog.Slug, liveblog.Revision, null));
        return new FeedPage<LiveblogChanged>(changes, Math.Max(last, liveblog.Revision), HasMore: false);
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
