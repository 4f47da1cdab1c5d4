using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Storage;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Liveblogs.Posts;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs.Editing;

/// <summary>A post, opened for editing.</summary>
/// <param name="Version">The number of the text that was opened. Saving names it, to detect a change in between.</param>
public sealed record OpenedPost(int Id, PostText Text, int Version);

/// <summary>One version of a post.</summary>
/// <param name="IsDeletion">Whether this change deleted the post.</param>
public sealed record PostVersionView(int Number, string Title, string Markdown, string WrittenBy, DateTime WrittenAt, bool IsDeletion);

/// <summary>
/// The commands on published posts. Every call checks its caller and counts against the limit of commands. A change is committed before it is
/// published, and before the call returns.
/// </summary>
internal sealed class PostEditing(IDbContextFactory<ChatDbContext> databases, LiveblogWriter writer, AttachmentCleaner cleaner, TimeProvider time)
{
    /// <summary>Publishes a draft, saved or not, and deletes what was saved of it. Publishing it again returns the same post.</summary>
    /// <param name="draftId">Chosen by the client that starts it; not all zeros.</param>
    /// <exception cref="RefusedException">Not an editor, an archived liveblog, an invalid text, or a missing file.</exception>
    public async Task<LiveblogPostView> PublishAsync(
        ClaimsPrincipal editor, int liveblogId, Guid draftId, PostText text, CancellationToken cancellationToken)
    {
        await writer.AdmitEditorAsync(editor, liveblogId, cancellationToken);
        LiveblogText.CheckDraftId(draftId);
        var title = text.Check();
        var changes = await writer.ChangeAsync(
            liveblogId,
            async (db, liveblog, token) => await PublishAsync(db, liveblog, draftId, editor.UserId, title, text, token),
            cancellationToken);
        await writer.NotifyEditorsAsync(liveblogId);
        return changes[0].Post!;
    }

    /// <summary>Opens a post for editing.</summary>
    /// <exception cref="RefusedException">Not an editor, or no such post.</exception>
    public async Task<OpenedPost> OpenAsync(ClaimsPrincipal editor, int liveblogId, int postId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await LiveblogRights.CheckEditorAsync(db, editor, liveblogId, cancellationToken);
        return await db.LiveblogPosts
            .Where(post => post.Id == postId && post.LiveblogId == liveblogId && post.DeletedAt == null)
            .Select(post => new OpenedPost(
                post.Id,
                new PostText(post.Title, post.Markdown, post.IsKeyEvent),
                db.LiveblogPostVersions.Count(version => version.PostId == post.Id)))
            .SingleOrDefaultAsync(cancellationToken) ?? throw NotFound();
    }

    /// <summary>Replaces the text of a post. An equal text is no change.</summary>
    /// <param name="version">The version that was opened.</param>
    /// <exception cref="RefusedException">
    /// Not an editor, no such post, an archived liveblog, an invalid text, a missing file, or another version was saved since
    /// (<see cref="RefusalCode.Conflict"/>).
    /// </exception>
    public Task<LiveblogPostView> EditAsync(
        ClaimsPrincipal editor, int liveblogId, int postId, int version, PostText text, CancellationToken cancellationToken)
    {
        var title = text.Check();
        return ChangeAsync(
            editor,
            liveblogId,
            postId,
            async (db, liveblog, post, token) =>
            {
                if (post.Title == title && post.Markdown == text.Markdown && post.IsKeyEvent == text.IsKeyEvent)
                    return [post];
                var newest = await db.LiveblogPostVersions.CountAsync(v => v.PostId == postId, token);
                if (newest != version)
                    throw new RefusedException(RefusalCode.Conflict, LiveblogTexts.Get("PostChanged"));
                (post.Title, post.Markdown, post.IsKeyEvent) = (title, text.Markdown, text.IsKeyEvent);
                post.Html = await PostFiles.AttachAsync(db, post, token);
                post.EditedAt = time.GetUtcNow().UtcDateTime;
                AddVersion(db, liveblog, post, newest + 1, editor.UserId, post.EditedAt.Value);
                return [post];
            },
            cancellationToken);
    }

    /// <summary>Deletes a post. Its text remains in its history, for editors. Deleting it again changes nothing.</summary>
    /// <exception cref="RefusedException">Not an editor, no such post, or an archived liveblog.</exception>
    public async Task DeleteAsync(ClaimsPrincipal editor, int liveblogId, int postId, CancellationToken cancellationToken)
    {
        IReadOnlyList<byte[]> files = [];
        await ChangeAsync(
            editor,
            liveblogId,
            postId,
            async (db, liveblog, post, token) =>
            {
                var newest = await db.LiveblogPostVersions.CountAsync(v => v.PostId == postId, token);
                files = await PostFiles.RemoveAsync(db, post, token);
                (post.Title, post.Markdown, post.Html) = ("", "", "");
                (post.IsPinned, post.IsKeyEvent) = (false, false);
                post.DeletedAt = time.GetUtcNow().UtcDateTime;
                AddVersion(db, liveblog, post, newest + 1, editor.UserId, post.DeletedAt.Value);
                return [post];
            },
            cancellationToken,
            isDeletion: true);
        await cleaner.RemoveUnusedAsync(files, CancellationToken.None);
    }

    /// <summary>Pins a post above all others, instead of the pinned one; or unpins it.</summary>
    /// <exception cref="RefusedException">Not an editor, no such post, or an archived liveblog.</exception>
    public Task PinAsync(ClaimsPrincipal editor, int liveblogId, int postId, bool isPinned, CancellationToken cancellationToken) => ChangeAsync(
        editor,
        liveblogId,
        postId,
        async (db, liveblog, post, token) =>
        {
            if (post.IsPinned == isPinned)
                return [post];
            var changed = isPinned
                ? await db.LiveblogPosts.Where(other => other.LiveblogId == liveblogId && other.IsPinned).ToListAsync(token)
                : [];
            changed.Add(post);
            foreach (var each in changed)
            {
                each.IsPinned = isPinned && each == post;
                each.Revision = ++liveblog.LastRevision;
            }

            return changed;
        },
        cancellationToken);

    /// <summary>Adds a post to the key events, or removes it from them.</summary>
    /// <exception cref="RefusedException">Not an editor, no such post, an archived liveblog, or a post without a headline.</exception>
    public Task MarkAsync(ClaimsPrincipal editor, int liveblogId, int postId, bool isKeyEvent, CancellationToken cancellationToken) => ChangeAsync(
        editor,
        liveblogId,
        postId,
        (_, liveblog, post, _) =>
        {
            if (isKeyEvent)
                LiveblogText.CheckKeyEvent(post.Title);
            if (post.IsKeyEvent != isKeyEvent)
            {
                post.IsKeyEvent = isKeyEvent;
                post.Revision = ++liveblog.LastRevision;
            }

            return Task.FromResult<IReadOnlyList<LiveblogPost>>([post]);
        },
        cancellationToken);

    /// <summary>Renders a text without saving it.</summary>
    /// <exception cref="RefusedException">Not an editor, or too many commands.</exception>
    public async Task<string> PreviewAsync(ClaimsPrincipal editor, int liveblogId, string markdown, CancellationToken cancellationToken)
    {
        await writer.AdmitEditorAsync(editor, liveblogId, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await PostFiles.PreviewAsync(db, liveblogId, markdown, cancellationToken);
    }

    /// <summary>All versions of a post, newest first, also of a deleted one.</summary>
    /// <exception cref="RefusedException">Not an editor.</exception>
    public async Task<IReadOnlyList<PostVersionView>> ReadHistoryAsync(
        ClaimsPrincipal editor, int liveblogId, int postId, CancellationToken cancellationToken)
    {
        const int mostShown = 100;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await LiveblogRights.CheckEditorAsync(db, editor, liveblogId, cancellationToken);
        return await db.LiveblogPostVersions
            .Where(version => version.PostId == postId && version.Post!.LiveblogId == liveblogId)
            .OrderByDescending(version => version.Number)
            .Take(mostShown)
            .Select(version => new PostVersionView(
                version.Number, version.Title, version.Markdown, version.WrittenBy!.DisplayName, version.WrittenAt, version.Markdown == ""))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Creates the post of a draft, or finds it when it exists. Call it in a change of the liveblog.</summary>
    internal async Task<IReadOnlyList<LiveblogPost>> PublishAsync(
        ChatDbContext db, Liveblog liveblog, Guid draftId, int authorId, string title, PostText text, CancellationToken cancellationToken)
    {
        await db.LiveblogDrafts.Where(draft => draft.Id == draftId && draft.LiveblogId == liveblog.Id).ExecuteDeleteAsync(cancellationToken);
        if (await db.LiveblogPosts.SingleOrDefaultAsync(post => post.DraftId == draftId, cancellationToken) is { } published)
            return published.LiveblogId == liveblog.Id ? [published] : throw NotFound();
        LiveblogRights.CheckOpen(liveblog.State);
        var post = new LiveblogPost
        {
            LiveblogId = liveblog.Id,
            DraftId = draftId,
            FirstRevision = liveblog.LastRevision + 1,
            AuthorId = authorId,
            Title = title,
            Markdown = text.Markdown,
            Html = "",
            IsKeyEvent = text.IsKeyEvent,
            PublishedAt = time.GetUtcNow().UtcDateTime,
        };
        post.Html = await PostFiles.AttachAsync(db, post, cancellationToken);
        db.Add(post);
        AddVersion(db, liveblog, post, 1, authorId, post.PublishedAt);
        return [post];
    }

    /// <summary>Assigns the next revision to the post, and stores its text as a version.</summary>
    private static void AddVersion(ChatDbContext db, Liveblog liveblog, LiveblogPost post, int number, int writtenById, DateTime writtenAt)
    {
        post.Revision = ++liveblog.LastRevision;
        db.Add(new LiveblogPostVersion
        {
            Post = post,
            Number = number,
            Title = post.Title,
            Markdown = post.Markdown,
            WrittenById = writtenById,
            WrittenAt = writtenAt,
        });
    }

    private async Task<LiveblogPostView> ChangeAsync(
        ClaimsPrincipal editor,
        int liveblogId,
        int postId,
        Func<ChatDbContext, Liveblog, LiveblogPost, CancellationToken, Task<IReadOnlyList<LiveblogPost>>> change,
        CancellationToken cancellationToken,
        bool isDeletion = false)
    {
        await writer.AdmitEditorAsync(editor, liveblogId, cancellationToken);
        var changes = await writer.ChangeAsync(
            liveblogId,
            async (db, liveblog, token) =>
            {
                var post = await db.LiveblogPosts.SingleOrDefaultAsync(post => post.Id == postId && post.LiveblogId == liveblogId, token)
                    ?? throw NotFound();
                if (post.DeletedAt is not null)
                    return isDeletion ? [post] : throw NotFound();
                LiveblogRights.CheckOpen(liveblog.State);
                return await change(db, liveblog, post, token);
            },
            cancellationToken);
        return changes[^1].Post!;
    }

    private static RefusedException NotFound() => new(RefusalCode.NotFound, LiveblogTexts.Get("PostNotFound"));
}
