using BlazorChat.Channels.Layer;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs;

/// <summary>
/// Makes a change to a liveblog, which nobody else changes meanwhile. It takes the next revision for each post it changes, or for
/// the liveblog itself; or leaves things, when what is asked for is so already. It may be called again.
/// </summary>
/// <returns>The posts, or none when the change is to the liveblog itself; null when there is nothing to tell anybody.</returns>
internal delegate Task<IReadOnlyList<LiveblogPost>?> LiveblogChange(ChatDbContext db, Liveblog liveblog, CancellationToken cancellationToken);

/// <summary>Makes one change to a liveblog: committed under its next revision, and then published.</summary>
internal sealed class LiveblogWriter(IDbContextFactory<ChatDbContext> databases, IChannelLayer layer)
{
    /// <returns>What was published, in the order of the revisions.</returns>
    /// <exception cref="Common.RefusedException">There is no such liveblog, or the change refuses.</exception>
    public async Task<IReadOnlyList<LiveblogChanged>> ChangeAsync(int liveblogId, LiveblogChange change, CancellationToken cancellationToken)
    {
        var changes = await databases.InTransactionAsync((db, token) => ChangeAsync(db, liveblogId, change, token), cancellationToken);

        // What was so already is published again: the node that made it so may have died before it could.
        foreach (var changed in changes)
            await layer.PublishAsync(LiveblogGroups.Liveblog(liveblogId), changed, CancellationToken.None);
        return changes;
    }

    private static async Task<IReadOnlyList<LiveblogChanged>> ChangeAsync(
        ChatDbContext db, int liveblogId, LiveblogChange change, CancellationToken cancellationToken)
    {
        // Writing it first locks it, so that nobody else takes the revision that is read next.
        await db.Liveblogs.Where(l => l.Id == liveblogId).ExecuteUpdateAsync(
            l => l.SetProperty(x => x.LastRevision, x => x.LastRevision), cancellationToken);
        var liveblog = await db.Liveblogs.SingleOrDefaultAsync(l => l.Id == liveblogId, cancellationToken)
            ?? throw LiveblogRights.NotFound();
        var changed = await change(db, liveblog, cancellationToken);
        var movesArchiving = liveblog.State == LiveblogState.Archived && liveblog.LastRevision > liveblog.HeadRevision;
        // A thumbnail may become ready after the archiving. Streams end with the archiving, so it moves behind every other change.
        if (movesArchiving)
            liveblog.HeadRevision = ++liveblog.LastRevision;
        await db.SaveChangesAsync(cancellationToken);
        return changed is null ? [] : await ReadAsync(db, liveblogId, [.. changed.Select(post => post.Id)], movesArchiving, cancellationToken);
    }

    private static async Task<IReadOnlyList<LiveblogChanged>> ReadAsync(
        ChatDbContext db, int liveblogId, int[] postIds, bool movesArchiving, CancellationToken cancellationToken)
    {
        var liveblog = await db.Liveblogs.Where(l => l.Id == liveblogId).Select(LiveblogView.FromLiveblog).SingleAsync(cancellationToken);
        var head = new LiveblogChanged(liveblog, liveblog.HeadRevision, null);
        if (postIds.Length == 0)
            return [head];
        var posts = await db.LiveblogPosts
            .Where(post => postIds.Contains(post.Id))
            .OrderBy(post => post.Revision)
            .Select(LiveblogPostView.FromPost)
            .ToListAsync(cancellationToken);
        var changes = posts.Select(post => new LiveblogChanged(liveblog, post.Revision, post));
        return [.. movesArchiving ? changes.Append(head) : changes];
    }
}
