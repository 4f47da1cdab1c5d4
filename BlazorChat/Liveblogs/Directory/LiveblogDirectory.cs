using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs.Directory;

/// <summary>
/// Which liveblogs there are, and the commands on liveblogs themselves. Everybody reads those that have started; the others are for
/// their editors. Every call is checked for its caller: see <see cref="LiveblogRights"/>.
/// </summary>
internal sealed class LiveblogDirectory(
    IDbContextFactory<ChatDbContext> databases, LiveblogWriter writer, CommandLimit commands, IChannelLayer layer, TimeProvider time)
{
    /// <summary>The most liveblogs that are listed at once.</summary>
    public const int MaxListed = 500;

    /// <summary>Liveblogs on one page of the list.</summary>
    public const int PageSize = 50;

    /// <summary>The most addresses that a sitemap has: the limit of its format.</summary>
    public const int MaxMapped = 50_000;

    /// <summary>Every liveblog that the reader may see: live ones first, and newer ones before older ones.</summary>
    public async Task<IReadOnlyList<LiveblogView>> ListVisibleAsync(ClaimsPrincipal reader, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await LiveblogRights.Visible(db, reader)
            .OrderByDescending(liveblog => liveblog.State == LiveblogState.Live)
            .ThenByDescending(liveblog => liveblog.Id)
            .Take(MaxListed)
            .Select(LiveblogView.FromLiveblog)
            .ToListAsync(cancellationToken);
    }

    /// <summary>A page of them, in the same order, and whether there are more after it.</summary>
    /// <param name="before">The last liveblog of the page before; null for the first page.</param>
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

        var page = await visible
            .OrderByDescending(liveblog => liveblog.State == LiveblogState.Live)
            .ThenByDescending(liveblog => liveblog.Id)
            .Take(PageSize + 1)
            .Select(LiveblogView.FromLiveblog)
            .ToListAsync(cancellationToken);
        return ([.. page.Take(PageSize)], page.Count > PageSize);
    }

    /// <summary>Those of them that are not archived, in the same order.</summary>
    public async Task<IReadOnlyList<LiveblogView>> ListOpenAsync(ClaimsPrincipal reader, int atMost, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await LiveblogRights.Visible(db, reader)
            .Where(liveblog => liveblog.State != LiveblogState.Archived)
            .OrderByDescending(liveblog => liveblog.State == LiveblogState.Live)
            .ThenByDescending(liveblog => liveblog.Id)
            .Take(atMost)
            .Select(LiveblogView.FromLiveblog)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The newest of those that strangers may read, as many as one sitemap may name, with the time of their newest change.</summary>
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

    /// <summary>The liveblog at an address, or null when there is none that this reader may see.</summary>
    public async Task<LiveblogView?> FindAsync(ClaimsPrincipal reader, string slug, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await LiveblogRights.Visible(db, reader)
            .Where(liveblog => liveblog.Slug == slug)
            .Select(LiveblogView.FromLiveblog)
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Creates a draft.</summary>
    /// <param name="slug">Its part of the address, for good.</param>
    /// <exception cref="RefusedException">Not an admin; no title or slug; or the slug is taken.</exception>
    public async Task<LiveblogView> CreateAsync(ClaimsPrincipal admin, string title, string slug, CancellationToken cancellationToken)
    {
        commands.Take(admin);
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
        if (await IsTakenAsync(db, slug, cancellationToken))
            throw Taken(slug);
        db.Add(liveblog);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // Between two at once the unique index decides; the question here only names the reason.
            db.ChangeTracker.Clear();
            if (!await IsTakenAsync(db, slug, cancellationToken))
                throw;
            throw Taken(slug);
        }

        return (await FindAsync(admin, slug, cancellationToken))!;
    }

    /// <summary>Gives it another title and standfirst. What is so already is no change.</summary>
    /// <param name="standfirst">Empty for none.</param>
    /// <exception cref="RefusedException">Not an editor, no title, or it is archived.</exception>
    public async Task<LiveblogView> NameAsync(
        ClaimsPrincipal editor, int liveblogId, string title, string standfirst, CancellationToken cancellationToken)
    {
        commands.Take(editor);
        await CheckEditorAsync(editor, liveblogId, cancellationToken);
        var (cleanTitle, cleanStandfirst) = (LiveblogText.CleanTitle(title), LiveblogText.CleanStandfirst(standfirst));
        return await ChangeAndTellAsync(
            liveblogId,
            liveblog =>
            {
                if (liveblog.State == LiveblogState.Archived)
                    throw LiveblogRights.Archived();
                if (liveblog.Title == cleanTitle && liveblog.Standfirst == cleanStandfirst)
                    return false;
                (liveblog.Title, liveblog.Standfirst) = (cleanTitle, cleanStandfirst);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Lets readers see a draft and what is in it. Starting one that is live changes nothing.</summary>
    /// <exception cref="RefusedException">Not an editor, or it is archived.</exception>
    public async Task<LiveblogView> StartAsync(ClaimsPrincipal editor, int liveblogId, CancellationToken cancellationToken)
    {
        commands.Take(editor);
        await CheckEditorAsync(editor, liveblogId, cancellationToken);
        var started = await ChangeHeadAsync(
            liveblogId,
            liveblog =>
            {
                if (liveblog.State == LiveblogState.Archived)
                    throw LiveblogRights.Archived();
                if (liveblog.State == LiveblogState.Draft)
                    (liveblog.State, liveblog.StartedAt) = (LiveblogState.Live, time.GetUtcNow().UtcDateTime);
                // No reader has been there to be told; its editors are told at their desk.
                return false;
            },
            cancellationToken);
        await layer.PublishAsync(LiveblogGroups.All, new LiveblogStarted(started.Id, started.Slug), CancellationToken.None);
        await layer.PublishAsync(LiveblogGroups.Desk(started.Id), new LiveblogDeskChanged(started.Id), CancellationToken.None);
        return started;
    }

    /// <summary>
    /// Ends a live liveblog: readers still find it, and nothing in it changes any more. It is the last change of its feed.
    /// Archiving it twice is archiving it once.
    /// </summary>
    /// <exception cref="RefusedException">Not an editor, or it has not started.</exception>
    public async Task<LiveblogView> ArchiveAsync(ClaimsPrincipal editor, int liveblogId, CancellationToken cancellationToken)
    {
        commands.Take(editor);
        await CheckEditorAsync(editor, liveblogId, cancellationToken);
        return await ChangeAndTellAsync(
            liveblogId,
            liveblog =>
            {
                if (liveblog.State == LiveblogState.Draft)
                    throw new RefusedException(RefusalCode.Conflict, "This liveblog has not started.");
                if (liveblog.State == LiveblogState.Archived)
                    return false;
                liveblog.State = LiveblogState.Archived;
                liveblog.ArchivedAt = time.GetUtcNow().UtcDateTime;
                return true;
            },
            cancellationToken);
    }

    /// <summary>True for who may write in it.</summary>
    public async Task<bool> IsEditorAsync(ClaimsPrincipal person, int liveblogId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await LiveblogRights.IsEditorAsync(db, person, liveblogId, cancellationToken);
    }

    private async Task<LiveblogView> ChangeAndTellAsync(int liveblogId, Func<Liveblog, bool> change, CancellationToken cancellationToken)
    {
        var changed = await ChangeHeadAsync(liveblogId, change, cancellationToken);
        await layer.PublishAsync(LiveblogGroups.All, new LiveblogHeadChanged(liveblogId), CancellationToken.None);
        return changed;
    }

    /// <param name="change">True when followers are to be told.</param>
    private async Task<LiveblogView> ChangeHeadAsync(int liveblogId, Func<Liveblog, bool> change, CancellationToken cancellationToken)
    {
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

    private async Task CheckEditorAsync(ClaimsPrincipal person, int liveblogId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await LiveblogRights.CheckEditorAsync(db, person, liveblogId, cancellationToken);
    }

    private static Task<bool> IsTakenAsync(ChatDbContext db, string slug, CancellationToken cancellationToken) =>
        db.Liveblogs.AnyAsync(liveblog => liveblog.Slug == slug, cancellationToken);

    private static RefusedException Taken(string slug) => new(RefusalCode.Conflict, $"There is a liveblog at “{slug}” already.");
}
