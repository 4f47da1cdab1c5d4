using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Liveblogs.Posts;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs.Editing;

/// <summary>Publishes scheduled drafts that are due.</summary>
internal sealed partial class DraftPublisher(
    IDbContextFactory<ChatDbContext> databases, LiveblogWriter writer, PostEditing posts, TimeProvider time, ILogger<DraftPublisher> logger)
{
    /// <summary>The most drafts of one query.</summary>
    private const int PageSize = 50;

    /// <summary>The most drafts that may fail in one call; the next call retries them.</summary>
    private const int MaxFailed = 500;

    private readonly OncePerMinute _failures = new(time);

    /// <summary>Set when a draft was scheduled on this node, which may be due before the others.</summary>
    public Signal Scheduled { get; } = new();

    /// <summary>
    /// Publishes all drafts that are due, each one once, whichever node does it. Each one has its own transaction; one that fails is logged and retried
    /// by the next call. A draft stays a draft without a time when its last editor lost the right, the liveblog is archived, a file is missing, or the
    /// text is refused.
    /// </summary>
    /// <returns>When the next one is due; null when none is scheduled.</returns>
    public async Task<DateTimeOffset?> PublishDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var failed = new List<Guid>();
        bool hasMore;
        do
        {
            var due = await FindDueAsync(now, failed, cancellationToken);
            foreach (var (liveblogId, draftId) in due)
            {
                if (!await TryPublishAsync(liveblogId, draftId, now, cancellationToken))
                    failed.Add(draftId);
            }

            hasMore = due.Count == PageSize && failed.Count <= MaxFailed - PageSize;
        }
        while (hasMore);

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.LiveblogDrafts.Where(draft => draft.ScheduledFor > now).MinAsync(draft => draft.ScheduledFor, cancellationToken);
    }

    private async Task<IReadOnlyList<(int LiveblogId, Guid DraftId)>> FindDueAsync(
        DateTime now, List<Guid> failed, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db.LiveblogDrafts
            .Where(draft => draft.ScheduledFor <= now && !failed.Contains(draft.Id))
            .OrderBy(draft => draft.ScheduledFor)
            .Take(PageSize)
            .Select(draft => new { draft.LiveblogId, draft.Id })
            .ToListAsync(cancellationToken);
        return [.. found.Select(draft => (draft.LiveblogId, draft.Id))];
    }

    private async Task<bool> TryPublishAsync(int liveblogId, Guid draftId, DateTime now, CancellationToken cancellationToken)
    {
        try
        {
            await writer.ChangeAsync(liveblogId, (db, liveblog, token) => PublishAsync(db, liveblog, draftId, now, token), cancellationToken);
            await writer.NotifyEditorsAsync(liveblogId);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && !DiskFull.Is(exception))
        {
            if (_failures.TryCount(out var count))
                LogNotPublished(logger, exception, draftId, liveblogId, count);
            return false;
        }
    }

    private async Task<IReadOnlyList<LiveblogPost>?> PublishAsync(
        ChatDbContext db, Liveblog liveblog, Guid draftId, DateTime now, CancellationToken cancellationToken)
    {
        var draft = await db.LiveblogDrafts.SingleOrDefaultAsync(d => d.Id == draftId && d.ScheduledFor <= now, cancellationToken);
        if (draft is null)
            return null;
        var text = new PostText(draft.Title, draft.Markdown, draft.IsKeyEvent);
        if (liveblog.State == LiveblogState.Archived
            || FindTitle(text) is not { } title
            || !await MayWriteAsync(db, liveblog.Id, draft.AuthorId, cancellationToken)
            || !await PostFiles.ExistAsync(db, liveblog.Id, draft.Markdown, cancellationToken))
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

    [LoggerMessage(1, LogLevel.Warning, "Draft {DraftId} of liveblog {LiveblogId} could not be published; it is retried. Failed attempts since the last such line: {Count}")]
    private static partial void LogNotPublished(ILogger logger, Exception exception, Guid draftId, int liveblogId, long count);
}
