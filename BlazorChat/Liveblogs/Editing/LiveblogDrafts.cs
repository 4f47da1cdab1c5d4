using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Liveblogs.Posts;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs.Editing;

/// <param name="AuthorName">The editor who saved it last.</param>
/// <param name="ScheduledFor">When it is to be published; null when an editor publishes it.</param>
public sealed record DraftView(Guid Id, PostText Text, string AuthorName, DateTime? ScheduledFor, DateTime SavedAt);

/// <summary>Lists, saves and deletes the drafts of a liveblog. Every call checks its caller.</summary>
internal sealed class LiveblogDrafts(
    IDbContextFactory<ChatDbContext> databases, LiveblogWriter writer, DraftPublisher publisher, TimeProvider time)
{
    /// <summary>The most drafts of a liveblog.</summary>
    public const int Max = 200;

    /// <summary>The drafts of all editors: first the scheduled ones in the order of their times, then the others, newest first.</summary>
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
            .Take(Max)
            .Select(draft => new DraftView(
                draft.Id,
                new PostText(draft.Title, draft.Markdown, draft.IsKeyEvent),
                draft.Author!.DisplayName,
                draft.ScheduledFor,
                draft.SavedAt))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Saves a draft, a new one or another version.</summary>
    /// <param name="draftId">Chosen by the client that starts it.</param>
    /// <param name="scheduledFor">When to publish it, in the future; null when an editor publishes it.</param>
    /// <exception cref="RefusedException">
    /// Not an editor, an archived liveblog, an invalid text, a time in the past, a scheduled draft with a missing file, too many drafts, or a draft that
    /// was published.
    /// </exception>
    public async Task SaveAsync(
        ClaimsPrincipal editor, int liveblogId, Guid draftId, PostText text, DateTimeOffset? scheduledFor, CancellationToken cancellationToken)
    {
        await writer.AdmitEditorAsync(editor, liveblogId, cancellationToken);
        LiveblogText.CheckDraftId(draftId);
        var title = scheduledFor is null ? text.CheckDraft() : text.Check();
        if (scheduledFor <= time.GetUtcNow())
            throw new RefusedException(RefusalCode.Invalid, LiveblogTexts.Get("TimePassed"));
        await writer.ChangeAsync(
            liveblogId,
            async (db, liveblog, token) =>
            {
                LiveblogRights.CheckOpen(liveblog.State);
                if (await db.LiveblogPosts.AnyAsync(post => post.DraftId == draftId, token))
                    throw new RefusedException(RefusalCode.Conflict, LiveblogTexts.Get("DraftPublished"));
                if (scheduledFor is not null && !await PostFiles.ExistAsync(db, liveblogId, text.Markdown, token))
                    throw PostFiles.Missing();
                var draft = await db.LiveblogDrafts.SingleOrDefaultAsync(d => d.Id == draftId, token);
                if (draft is null)
                    db.Add(draft = await CreateAsync(db, liveblogId, draftId, token));
                else if (draft.LiveblogId != liveblogId)
                    throw new RefusedException(RefusalCode.NotFound, LiveblogTexts.Get("DraftNotFound"));
                (draft.Title, draft.Markdown, draft.IsKeyEvent) = (title, text.Markdown, text.IsKeyEvent);
                draft.AuthorId = editor.UserId;
                draft.ScheduledFor = scheduledFor?.UtcDateTime;
                draft.SavedAt = time.GetUtcNow().UtcDateTime;
                return null;
            },
            cancellationToken);
        if (scheduledFor is not null)
            publisher.Scheduled.Set();
        await writer.NotifyEditorsAsync(liveblogId);
    }

    /// <summary>Deletes a draft. Deleting it again changes nothing.</summary>
    /// <exception cref="RefusedException">Not an editor.</exception>
    public async Task DeleteAsync(ClaimsPrincipal editor, int liveblogId, Guid draftId, CancellationToken cancellationToken)
    {
        await writer.AdmitEditorAsync(editor, liveblogId, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.LiveblogDrafts.Where(draft => draft.Id == draftId && draft.LiveblogId == liveblogId).ExecuteDeleteAsync(cancellationToken);
        await writer.NotifyEditorsAsync(liveblogId);
    }

    private static async Task<LiveblogDraft> CreateAsync(ChatDbContext db, int liveblogId, Guid draftId, CancellationToken cancellationToken)
    {
        if (await db.LiveblogDrafts.CountAsync(draft => draft.LiveblogId == liveblogId, cancellationToken) >= Max)
            throw new RefusedException(RefusalCode.Conflict, LiveblogTexts.Get("TooManyDrafts", Max));
        return new LiveblogDraft { Id = draftId, LiveblogId = liveblogId, Title = "", Markdown = "" };
    }
}
