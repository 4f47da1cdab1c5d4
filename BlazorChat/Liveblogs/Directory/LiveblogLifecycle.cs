using System.Security.Claims;
using BlazorChat.Accounts.Audit;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Liveblogs;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs.Directory;

/// <summary>Creates, describes, starts and archives liveblogs. Every call checks its caller: see <see cref="LiveblogRights"/>.</summary>
internal sealed class LiveblogLifecycle(
    IDbContextFactory<ChatDbContext> databases, LiveblogWriter writer, CommandLimit commands, IChannelLayer layer, TimeProvider time)
{
    /// <summary>Creates a liveblog, as a draft.</summary>
    /// <param name="slug">The part of its address; it never changes.</param>
    /// <exception cref="RefusedException">Not an admin, no title, no valid slug, or the slug is taken.</exception>
    public async Task<LiveblogView> CreateAsync(ClaimsPrincipal admin, string title, string slug, CancellationToken cancellationToken)
    {
        commands.Acquire(admin);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await LiveblogRights.CheckAdminAsync(db, admin, cancellationToken);
        LiveblogText.CheckSlug(slug);
        var liveblog = new Liveblog
        {
            Slug = slug,
            Title = LiveblogText.CleanTitle(title),
            CreatedById = admin.UserId,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };
        await CheckFreeAsync(db, slug, cancellationToken);
        db.Add(liveblog);
        await db.AuditAsync(admin, AuditAction.LiveblogCreated, liveblog.Title, liveblog.CreatedAt, cancellationToken);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // The unique index decides between two calls at once. The query only finds the reason.
            db.ChangeTracker.Clear();
            await CheckFreeAsync(db, slug, cancellationToken);
            throw;
        }

        return await db.Liveblogs.Where(created => created.Slug == slug).Select(LiveblogView.FromLiveblog).SingleAsync(cancellationToken);
    }

    /// <summary>Changes title and standfirst. Equal ones are no change.</summary>
    /// <param name="standfirst">Empty for none.</param>
    /// <exception cref="RefusedException">Not an editor, no title, or it is archived.</exception>
    public Task<LiveblogView> DescribeAsync(
        ClaimsPrincipal editor, int liveblogId, string title, string standfirst, CancellationToken cancellationToken) => ChangeAndPublishAsync(
        editor,
        liveblogId,
        liveblog =>
        {
            var description = (LiveblogText.CleanTitle(title), LiveblogText.CleanStandfirst(standfirst));
            LiveblogRights.CheckOpen(liveblog.State);
            if ((liveblog.Title, liveblog.Standfirst) == description)
                return false;
            (liveblog.Title, liveblog.Standfirst) = description;
            return true;
        },
        cancellationToken);

    /// <summary>Shows a draft and its posts to readers. Starting it again changes nothing.</summary>
    /// <exception cref="RefusedException">Not an editor, or it is archived.</exception>
    public async Task<LiveblogView> StartAsync(ClaimsPrincipal editor, int liveblogId, CancellationToken cancellationToken)
    {
        var started = await ChangeAsync(
            editor,
            liveblogId,
            liveblog =>
            {
                LiveblogRights.CheckOpen(liveblog.State);
                if (liveblog.State == LiveblogState.Draft)
                    (liveblog.State, liveblog.StartedAt) = (LiveblogState.Live, time.GetUtcNow().UtcDateTime);
                // No reader followed the draft, and its editors are notified below.
                return false;
            },
            cancellationToken);
        await layer.PublishAsync(LiveblogGroups.All, new LiveblogStarted(started.Id, started.Slug), CancellationToken.None);
        await writer.NotifyEditorsAsync(started.Id);
        return started;
    }

    /// <summary>
    /// Ends a live liveblog: it stays readable, and nothing in it changes any more. This is the last change of its feed. Archiving it again changes
    /// nothing.
    /// </summary>
    /// <exception cref="RefusedException">Not an editor, or it has not started.</exception>
    public Task<LiveblogView> ArchiveAsync(ClaimsPrincipal editor, int liveblogId, CancellationToken cancellationToken) => ChangeAndPublishAsync(
        editor,
        liveblogId,
        liveblog =>
        {
            if (liveblog.State == LiveblogState.Draft)
                throw new RefusedException(RefusalCode.Conflict, LiveblogTexts.Get("LiveblogNotStarted"));
            if (liveblog.State == LiveblogState.Archived)
                return false;
            (liveblog.State, liveblog.ArchivedAt) = (LiveblogState.Archived, time.GetUtcNow().UtcDateTime);
            return true;
        },
        cancellationToken);

    private async Task<LiveblogView> ChangeAndPublishAsync(
        ClaimsPrincipal editor, int liveblogId, Func<Liveblog, bool> change, CancellationToken cancellationToken)
    {
        var changed = await ChangeAsync(editor, liveblogId, change, cancellationToken);
        await layer.PublishAsync(LiveblogGroups.All, new LiveblogHeadChanged(liveblogId), CancellationToken.None);
        return changed;
    }

    /// <param name="change">Returns true for a change that followers receive.</param>
    private async Task<LiveblogView> ChangeAsync(
        ClaimsPrincipal editor, int liveblogId, Func<Liveblog, bool> change, CancellationToken cancellationToken)
    {
        await writer.AdmitEditorAsync(editor, liveblogId, cancellationToken);
        var changes = await writer.ChangeAsync(
            liveblogId,
            (_, liveblog, _) =>
            {
                if (change(liveblog))
                    liveblog.HeadRevision = ++liveblog.LastRevision;
                return Task.FromResult<IReadOnlyList<LiveblogPost>?>([]);
            },
            cancellationToken);
        return changes[0].Liveblog;
    }

    private static async Task CheckFreeAsync(ChatDbContext db, string slug, CancellationToken cancellationToken)
    {
        if (await db.Liveblogs.AnyAsync(liveblog => liveblog.Slug == slug, cancellationToken))
            throw new RefusedException(RefusalCode.Conflict, LiveblogTexts.Get("SlugTaken", slug));
    }
}
