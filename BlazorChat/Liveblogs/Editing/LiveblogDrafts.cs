using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Liveblogs.Posts;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs.Editing;

/// <param name="AuthorName">Of the editor who saved it last.</param>
/// <param name="ScheduledFor">When it will be published; null when nobody has said.</param>
public sealed record DraftView(Guid Id, PostText Text, string AuthorName, DateTime? ScheduledFor, DateTime SavedAt);

/// <summary>What editors write and readers do not see yet. Every call is checked for its caller.</summary>
internal sealed partial class LiveblogDrafts(
    IDbContextFactory<ChatDbContext> databases,
    LiveblogWriter writer,
    PostEditing posts,
    CommandLimit commands,
    IChannelLayer layer,
    TimeProvider time,
    ILogger<LiveblogDrafts> logger)
{
    /// <summary>The most drafts that a liveblog has.</summary>
    public const int MaxKept = 200;

    /// <summary>Drafts that are read at once.</summary>
    private const int DuePageSize = 50;

    /// <summary>The most drafts that may fail in one call; it then ends, and the next call tries them again.</summary>
    private const int MaxFailed = 500;

    private readonly Signal _scheduled = new();
    private readonly OncePerMinute _failures = new(time);

    /// <summary>The drafts of all its editors: first those with a time, in its order, then the others, newest first.</summary>
    /// <exception cref="RefusedException">Not an editor.</exception>
    public async Task<IReadOnlyList<DraftView>> ListAsync(ClaimsPrincipal editor, int liveblogId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await LiveblogRights.CheckEditorAsync(db, editor, liveblogId, cancellationToken);
        return await db.LiveblogDrafts
            .Where(draft => draft.LiveblogId == liveblogId)
            .OrderBy(draft => draft.ScheduledFor == null)
            .ThenBy(draft => draft.ScheduledFor)
            .ThenByDescending(draft => draft.SavedAt)
            .Take(MaxKept)
            .Select(draft => new DraftView(
                draft.Id,
                new PostText(draft.Title, draft.Markdown, draft.IsKeyEvent),
                draft.Author!.DisplayName,
                draft.ScheduledFor,
                draft.SavedAt))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Keeps a draft, new or known.</summary>
    /// <param name="draftId">Chosen by whoever began to write.</param>
    /// <param name="scheduledFor">When to publish it, in the future; null for not by itself.</param>
    /// <exception cref="RefusedException">
    /// Not an editor, an archived liveblog, a text that cannot be kept, a time that is past, a file that is not there at that time,
    /// too many drafts; or it is published already.
    /// </exception>
    public async Task SaveAsync(
        ClaimsPrincipal editor, int liveblogId, Guid draftId, PostText text, DateTimeOffset? scheduledFor, CancellationToken cancellationToken)
    {
        commands.Take(editor);
        await CheckEditorAsync(editor, liveblogId, cancellationToken);
        LiveblogText.CheckDraftId(draftId);
        var title = scheduledFor is null ? text.CheckDraft() : text.Check();
        if (scheduledFor <= time.GetUtcNow())
            throw new RefusedException(RefusalCode.Invalid, "This time is past already.");
        await writer.ChangeAsync(
            liveblogId,
            async (db, liveblog, token) =>
            {
                if (liveblog.State == LiveblogState.Archived)
                    throw LiveblogRights.Archived();
                if (await db.LiveblogPosts.AnyAsync(post => post.DraftId == draftId, token))
                    throw new RefusedException(RefusalCode.Conflict, "This draft is published already.");
                if (scheduledFor is not null && !await PostFiles.AreThereAsync(db, liveblogId, text.Markdown, token))
                    throw PostFiles.NotThere();
                var draft = await db.LiveblogDrafts.SingleOrDefaultAsync(d => d.Id == draftId, token);
                if (draft is null)
                    db.Add(draft = await NewAsync(db, liveblog, draftId, editor, token));
                else if (draft.LiveblogId != liveblogId)
                    throw new RefusedException(RefusalCode.NotFound, "There is no such draft.");
                (draft.Title, draft.Markdown, draft.IsKeyEvent) = (title, text.Markdown, text.IsKeyEvent);
                draft.AuthorId = editor.UserId;
                draft.ScheduledFor = scheduledFor?.UtcDateTime;
                draft.SavedAt = time.GetUtcNow().UtcDateTime;
                return null;
            },
            cancellationToken);
        if (scheduledFor is not null)
            _scheduled.Set();
        await TellAsync(liveblogId);
    }

    /// <summary>Throws a draft away. One that is gone stays gone.</summary>
    /// <exception cref="RefusedException">Not an editor.</exception>
    public async Task DeleteAsync(ClaimsPrincipal editor, int liveblogId, Guid draftId, CancellationToken cancellationToken)
    {
        commands.Take(editor);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await LiveblogRights.CheckEditorAsync(db, editor, liveblogId, cancellationToken);
        await db.LiveblogDrafts.Where(draft => draft.Id == draftId && draft.LiveblogId == liveblogId).ExecuteDeleteAsync(cancellationToken);
        await TellAsync(liveblogId);
    }

    /// <summary>
    /// Publishes every draft whose time has come, each once, whichever node does it, and each by itself: one that fails is logged and
    /// tried again by the next call. One whose last writer may not write any more, whose liveblog is archived, that names a file which
    /// is gone, or whose text is refused, loses its time and stays a draft.
    /// </summary>
    /// <returns>When the next one is due; null when none is.</returns>
    internal async Task<DateTimeOffset?> PublishDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var failed = new List<Guid>();
        bool hasMore;
        do
        {
            var due = await FindDueAsync(now, failed, cancellationToken);
            foreach (var (liveblogId, draftId) in due)
            {
                if (!await TryPublishDueAsync(liveblogId, draftId, now, cancellationToken))
                    failed.Add(draftId);
            }

            hasMore = due.Count == DuePageSize && failed.Count <= MaxFailed - DuePageSize;
        }
        while (hasMore);

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.LiveblogDrafts.Where(draft => draft.ScheduledFor > now).MinAsync(draft => draft.ScheduledFor, cancellationToken);
    }

    /// <summary>Ends after a pause, or when this node has scheduled a draft, which may be due before the pause is over.</summary>
    internal Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken) => _scheduled.WaitAsync(pause, cancellationToken);

    private async Task<IReadOnlyList<(int LiveblogId, Guid DraftId)>> FindDueAsync(
        DateTime now, List<Guid> failed, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db.LiveblogDrafts
            .Where(draft => draft.ScheduledFor <= now && !failed.Contains(draft.Id))
            .OrderBy(draft => draft.ScheduledFor)
            .Take(DuePageSize)
            .Select(draft => new { draft.LiveblogId, draft.Id })
            .ToListAsync(cancellationToken);
        return [.. found.Select(draft => (draft.LiveblogId, draft.Id))];
    }

    private async Task<bool> TryPublishDueAsync(int liveblogId, Guid draftId, DateTime now, CancellationToken cancellationToken)
    {
        try
        {
            await writer.ChangeAsync(liveblogId, (db, liveblog, token) => PublishDueAsync(db, liveblog, draftId, now, token), cancellationToken);
            await TellAsync(liveblogId);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && !DiskFull.Is(exception))
        {
            if (_failures.TryCount(out var count))
                LogNotPublished(logger, exception, draftId, liveblogId, count);
            return false;
        }
    }

    private async Task<IReadOnlyList<LiveblogPost>?> PublishDueAsync(
        ChatDbContext db, Liveblog liveblog, Guid draftId, DateTime now, CancellationToken cancellationToken)
    {
        var draft = await db.LiveblogDrafts.SingleOrDefaultAsync(d => d.Id == draftId && d.ScheduledFor <= now, cancellationToken);
        if (draft is null)
            return null;
        var text = new PostText(draft.Title, draft.Markdown, draft.IsKeyEvent);
        if (liveblog.State == LiveblogState.Archived
            || FindTitle(text) is not { } title
            || !await MayWriteAsync(db, liveblog.Id, draft.AuthorId, cancellationToken)
            || !await PostFiles.AreThereAsync(db, liveblog.Id, draft.Markdown, cancellationToken))
        {
            draft.ScheduledFor = null;
            return null;
        }

        return await posts.PublishAsync(db, liveblog, draftId, draft.AuthorId, title, text, cancellationToken);
    }

    /// <summary>The headline, empty for none; null when the text cannot be published.</summary>
    private static string? FindTitle(PostText text)
    {
        try
        {
            return text.Check();
        }
        catch (RefusedException)
        {
            return null;
        }
    }

    private static Task<bool> MayWriteAsync(ChatDbContext db, int liveblogId, int userId, CancellationToken cancellationToken)
    {
        var admins = db.Admins;
        return db.Users.AnyAsync(
            user => user.Id == userId && user.BannedAt == null
                && (admins.Any(admin => admin.UserId == userId) || db.LiveblogEditors.Any(editor => editor.LiveblogId == liveblogId && editor.UserId == userId)),
            cancellationToken);
    }

    private static async Task<LiveblogDraft> NewAsync(
        ChatDbContext db, Liveblog liveblog, Guid draftId, ClaimsPrincipal author, CancellationToken cancellationToken)
    {
        if (await db.LiveblogDrafts.CountAsync(draft => draft.LiveblogId == liveblog.Id, cancellationToken) >= MaxKept)
            throw new RefusedException(RefusalCode.Conflict, $"A liveblog has at most {MaxKept} drafts. Publish or discard some first.");
        return new LiveblogDraft { Id = draftId, LiveblogId = liveblog.Id, AuthorId = author.UserId, Title = "", Markdown = "" };
    }

    private async Task CheckEditorAsync(ClaimsPrincipal editor, int liveblogId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await LiveblogRights.CheckEditorAsync(db, editor, liveblogId, cancellationToken);
    }

    private async Task TellAsync(int liveblogId) =>
        await layer.PublishAsync(LiveblogGroups.Desk(liveblogId), new LiveblogDeskChanged(liveblogId), CancellationToken.None);

    [LoggerMessage(1, LogLevel.Warning, "Draft {DraftId} of liveblog {LiveblogId} could not be published; it is tried again. Failed attempts since the last such line: {Count}")]
    private static partial void LogNotPublished(ILogger logger, Exception exception, Guid draftId, int liveblogId, long count);
}
