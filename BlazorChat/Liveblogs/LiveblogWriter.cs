using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Channels.Layer;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Liveblogs;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs;

/// <summary>
/// Changes a liveblog that is locked. It assigns the next revision to each post that it changes, or to the liveblog itself, or changes nothing. It may
/// be called again.
/// </summary>
/// <returns>The posts to publish, or none for a change of the liveblog itself; null when nothing is to be published.</returns>
internal delegate Task<IReadOnlyList<LiveblogPost>?> LiveblogChange(ChatDbContext db, Liveblog liveblog, CancellationToken cancellationToken);

/// <summary>The write path of all commands on a liveblog: a change is committed under the next revision, and then published.</summary>
internal sealed class LiveblogWriter(IDbContextFactory<ChatDbContext> databases, LiveblogSearchFollower search, CommandLimit commands, IChannelLayer layer)
{
    /// <summary>Counts a command of an editor and checks the right to it.</summary>
    /// <exception cref="Common.RefusedException">Not an editor, or too many commands.</exception>
    public async Task AdmitEditorAsync(ClaimsPrincipal editor, int liveblogId, CancellationToken cancellationToken)
    {
        commands.Acquire(editor);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await LiveblogRights.CheckEditorAsync(db, editor, liveblogId, cancellationToken);
    }

    /// <returns>What was published, ordered by revision.</returns>
    /// <exception cref="Common.RefusedException">The liveblog does not exist, or the change refuses.</exception>
    public async Task<IReadOnlyList<LiveblogChanged>> ChangeAsync(int liveblogId, LiveblogChange change, CancellationToken cancellationToken)
    {
        var changes = await databases.InTransactionAsync((db, token) => ChangeAsync(db, liveblogId, change, token), cancellationToken);
        search.Notify();

        // A repeated command publishes again: the node that committed the change may have failed before it published it.
        foreach (var changed in changes)
            await layer.PublishAsync(LiveblogGroups.Liveblog(liveblogId), changed, CancellationToken.None);
        return changes;
    }

    /// <summary>Notifies the open editors of a change that readers do not see.</summary>
    public async Task NotifyEditorsAsync(int liveblogId) =>
        await layer.PublishAsync(LiveblogGroups.Desk(liveblogId), new LiveblogDeskChanged(liveblogId), CancellationToken.None);

    private static async Task<IReadOnlyList<LiveblogChanged>> ChangeAsync(
        ChatDbContext db, int liveblogId, LiveblogChange change, CancellationToken cancellationToken)
    {
        // This update locks the row, so that no other transaction assigns the revision that is read next.
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
