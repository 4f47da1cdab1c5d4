using BlazorChat.Channels;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs;

/// <summary>Makes one change to a liveblog: committed under its next revision, and then published.</summary>
internal sealed class LiveblogWriter(IDbContextFactory<ChatDbContext> databases, IChannelLayer layer)
{
    /// <param name="change">
    /// Changes the liveblog, which nobody else changes meanwhile, and takes its next revision; or leaves it, when what is asked
    /// for is so already. Returns the post, or null when it archives. May be called again.
    /// </param>
    /// <exception cref="RefusedException">There is no such liveblog, or the change refuses.</exception>
    public async Task<LiveblogChanged> ChangeAsync(
        int liveblogId, Func<ChatDbContext, Liveblog, CancellationToken, Task<LiveblogPost?>> change, CancellationToken cancellationToken)
    {
        await using var strategySource = await databases.CreateDbContextAsync(cancellationToken);
        var changed = await strategySource.Database.CreateExecutionStrategy().ExecuteAsync(
            token => CommitAsync(liveblogId, change, token), cancellationToken);

        // What was so already is published again: the node that made it so may have died before it could.
        await layer.PublishAsync(LiveblogGroups.Liveblog(liveblogId), changed, CancellationToken.None);
        return changed;
    }

    private async Task<LiveblogChanged> CommitAsync(
        int liveblogId, Func<ChatDbContext, Liveblog, CancellationToken, Task<LiveblogPost?>> change, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Writing it first locks it, so that nobody else takes the revision that is read next.
        await db.Liveblogs.Where(l => l.Id == liveblogId).ExecuteUpdateAsync(
            l => l.SetProperty(x => x.LastRevision, x => x.LastRevision), cancellationToken);
        var liveblog = await db.Liveblogs.SingleOrDefaultAsync(l => l.Id == liveblogId, cancellationToken)
            ?? throw LiveblogDirectory.NotFound();
        var post = await change(db, liveblog, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        var view = post is null
            ? null
            : await db.LiveblogPosts.Where(p => p.Id == post.Id).Select(LiveblogPostView.FromPost).SingleAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new LiveblogChanged(liveblogId, liveblog.Slug, view?.Revision ?? liveblog.LastRevision, view);
    }
}
