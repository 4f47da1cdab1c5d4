using System.Security.Claims;
using BlazorChat.Accounts;
using BlazorChat.Channels;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs;

/// <summary>
/// Which liveblogs there are, and the commands on liveblogs themselves. Everybody reads those that have started, admins alone
/// know of the others and give commands. Every call is checked for its caller.
/// </summary>
internal sealed class LiveblogDirectory(
    IDbContextFactory<ChatDbContext> databases, LiveblogWriter writer, IChannelLayer layer, TimeProvider time)
{
    /// <summary>The most liveblogs a list shows.</summary>
    public const int MaxListed = 500;

    /// <summary>Every liveblog that the reader may see: live ones first, and newer ones before older ones.</summary>
    public async Task<IReadOnlyList<LiveblogView>> ListVisibleAsync(ClaimsPrincipal reader, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Visible(db, reader)
            .OrderByDescending(liveblog => liveblog.State == LiveblogState.Live)
            .ThenByDescending(liveblog => liveblog.Id)
            .Take(MaxListed)
            .Select(LiveblogView.FromLiveblog)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The liveblog at an address, or null when there is none that this reader may see.</summary>
    public async Task<LiveblogView?> FindAsync(ClaimsPrincipal reader, string slug, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Visible(db, reader)
            .Where(liveblog => liveblog.Slug == slug)
            .Select(LiveblogView.FromLiveblog)
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Creates a draft.</summary>
    /// <param name="slug">Its part of the address, for good.</param>
    /// <exception cref="RefusedException">Not an admin; no title or slug; or the slug is taken.</exception>
    public async Task<LiveblogView> CreateAsync(ClaimsPrincipal admin, string title, string slug, CancellationToken cancellationToken)
    {
        CheckAdmin(admin);
        LiveblogText.CheckSlug(slug);
        var liveblog = new Liveblog
        {
            Slug = slug,
            Title = LiveblogText.CleanTitle(title),
            CreatedById = admin.UserId,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
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

    /// <summary>Lets readers see a draft and what is in it. Starting one that is live changes nothing.</summary>
    /// <exception cref="RefusedException">Not an admin, no such liveblog, or it is archived.</exception>
    public async Task<LiveblogView> StartAsync(ClaimsPrincipal admin, int liveblogId, CancellationToken cancellationToken)
    {
        CheckAdmin(admin);
        DateTime? now = time.GetUtcNow().UtcDateTime;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Liveblogs
            .Where(liveblog => liveblog.Id == liveblogId && liveblog.State == LiveblogState.Draft)
            .ExecuteUpdateAsync(
                liveblog => liveblog.SetProperty(l => l.State, LiveblogState.Live).SetProperty(l => l.StartedAt, now), cancellationToken);
        var started = await ReadAsync(db, liveblogId, cancellationToken);
        if (started.State == LiveblogState.Archived)
            throw Archived();
        await layer.PublishAsync(LiveblogGroups.All, new LiveblogStarted(started.Id, started.Slug), CancellationToken.None);
        return started;
    }

    /// <summary>
    /// Ends a live liveblog: readers still find it, and nothing in it changes any more. It is the last change of its feed.
    /// Archiving it twice is archiving it once.
    /// </summary>
    /// <exception cref="RefusedException">Not an admin, no such liveblog, or it has not started.</exception>
    public async Task<LiveblogView> ArchiveAsync(ClaimsPrincipal admin, int liveblogId, CancellationToken cancellationToken)
    {
        CheckAdmin(admin);
        await writer.ChangeAsync(
            liveblogId,
            (_, liveblog, _) =>
            {
                if (liveblog.State == LiveblogState.Draft)
                    throw new RefusedException(RefusalCode.Conflict, "This liveblog has not started.");
                if (liveblog.State == LiveblogState.Live)
                {
                    liveblog.State = LiveblogState.Archived;
                    liveblog.ArchivedAt = time.GetUtcNow().UtcDateTime;
                    liveblog.LastRevision++;
                }

                return Task.FromResult<LiveblogPost?>(null);
            },
            cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await ReadAsync(db, liveblogId, cancellationToken);
    }

    internal static RefusedException NotFound() => new(RefusalCode.NotFound, "There is no such liveblog.");

    internal static RefusedException Archived() => new(RefusalCode.Conflict, "This liveblog is archived.");

    /// <exception cref="RefusedException">Not an admin; the same whether there is what was asked for or not.</exception>
    internal static void CheckAdmin(ClaimsPrincipal person)
    {
        if (!person.IsAdmin)
            throw new RefusedException(RefusalCode.Forbidden, "Only an admin can do this.");
    }

    /// <summary>What this person may know of: drafts are for admins.</summary>
    internal static IQueryable<Liveblog> Visible(ChatDbContext db, ClaimsPrincipal reader)
    {
        var liveblogs = db.Liveblogs.AsNoTracking();
        return reader.IsAdmin ? liveblogs : liveblogs.Where(liveblog => liveblog.State != LiveblogState.Draft);
    }

    private static async Task<LiveblogView> ReadAsync(ChatDbContext db, int liveblogId, CancellationToken cancellationToken) =>
        await db.Liveblogs
            .Where(liveblog => liveblog.Id == liveblogId)
            .Select(LiveblogView.FromLiveblog)
            .SingleOrDefaultAsync(cancellationToken) ?? throw NotFound();

    private static Task<bool> IsTakenAsync(ChatDbContext db, string slug, CancellationToken cancellationToken) =>
        db.Liveblogs.AnyAsync(liveblog => liveblog.Slug == slug, cancellationToken);

    private static RefusedException Taken(string slug) => new(RefusalCode.Conflict, $"There is a liveblog at “{slug}” already.");
}
