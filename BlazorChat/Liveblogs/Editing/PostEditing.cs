using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Storage;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Liveblogs.Posts;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs.Editing;

/// <summary>A post as its editor opens it.</summary>
/// <param name="Version">Number of its text: saving it names the one that was opened.</param>
public sealed record OpenedPost(int Id, PostText Text, int Version);

/// <summary>What a post said from one change to the next.</summary>
/// <param name="IsDeletion">By this change it was deleted; the text before it was the last one.</param>
public sealed record PostVersionView(int Number, string Title, string Markdown, string WrittenBy, DateTime WrittenAt, bool IsDeletion);

/// <summary>
/// The commands on what readers see. Every call is checked for its caller and counts against <see cref="CommandLimit"/>, and a change
/// is committed before it returns, and before anybody sees it.
/// </summary>
internal sealed class PostEditing(
    IDbContextFactory<ChatDbContext> databases,
    LiveblogWriter writer,
    AttachmentCleaner cleaner,
    CommandLimit commands,
    IChannelLayer layer,
    TimeProvider time)
{
    /// <summary>Publishes a draft, saved or not; what was saved of it goes. Publishing it again gives the same post.</summary>
    /// <param name="draftId">Chosen by whoever began to write; not all zeros.</param>
    /// <exception cref="RefusedException">Not an editor, an archived liveblog, a text that cannot be kept, or a file that is not there.</exception>
    public async Task<LiveblogPostView> PublishAsync(
        ClaimsPrincipal editor, int liveblogId, Guid draftId, PostText text, CancellationToken cancellationToken)
    {
        commands.Take(editor);
        await CheckEditorAsync(editor, liveblogId, cancellationToken);
        LiveblogText.CheckDraftId(draftId);
        var title = text.Check();
        var author = editor.UserId;
        var changes = await writer.ChangeAsync(
            liveblogId,
            async (db, liveblog, token) => await PublishAsync(db, liveblog, draftId, author, title, text, token),
            cancellationToken);
        await layer.PublishAsync(LiveblogGroups.Desk(liveblogId), new LiveblogDeskChanged(liveblogId), CancellationToken.None);
        return changes[0].Post!;
    }

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
            .SingleOrDefaultAsync(cancellationToken) ?? throw NoSuchPost();
    }

    /// <summary>Replaces a post. An equal text is no change.</summary>
    /// <param name="version">The one that was opened.</param>
    /// <exception cref="RefusedException">
    /// Not an editor, no such post, an archived liveblog, a text that cannot be kept, or a file that is not there; or somebody else was
    /// faster (<see cref="RefusalCode.Conflict"/>).
    /// </exception>
    public async Task<LiveblogPostView> EditAsync(
        ClaimsPrincipal editor, int liveblogId, int postId, int version, PostText text, CancellationToken cancellationToken)
    {
        var title = text.Check();
        return await ChangeAsync(
            editor,
            liveblogId,
            postId,
            async (db, liveblog, post, token) =>
            {
                if (post.Title == title && post.Markdown == text.Markdown && post.IsKeyEvent == text.IsKeyEvent)
                    return [post];
                var newest = await db.LiveblogPostVersions.CountAsync(v => v.PostId == postId, token);
                if (newest != version)
                    throw new RefusedException(RefusalCode.Conflict, "Somebody else has changed this post meanwhile.");
                post.Title = title;
                post.Markdown = text.Markdown;
                post.Html = await PostFiles.TakeAsync(db, post, token);
                post.IsKeyEvent = text.IsKeyEvent;
                post.EditedAt = time.GetUtcNow().UtcDateTime;
                post.Revision = ++liveblog.LastRevision;
                db.Add(Version(post, newest + 1, editor.UserId, post.EditedAt.Value));
                return [post];
            },
            cancellationToken);
    }

    /// <summary>Takes a post away from its readers; editors find what it said in its history. Deleting it twice is deleting it once.</summary>
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
                post.Revision = ++liveblog.LastRevision;
                db.Add(Version(post, newest + 1, editor.UserId, post.DeletedAt.Value));
                return [post];
            },
            cancellationToken,
            isDeletion: true);
        await cleaner.RemoveUnusedAsync(files, CancellationToken.None);
    }

    /// <summary>Lets a post stand before all others, instead of the one that did; or no longer.</summary>
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

    /// <summary>Names a post in the summary at the top, or no longer.</summary>
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

    /// <summary>How a text will look; nothing of it is kept.</summary>
    /// <exception cref="RefusedException">Not an editor, or too many commands.</exception>
    public async Task<string> PreviewAsync(ClaimsPrincipal editor, int liveblogId, string markdown, CancellationToken cancellationToken)
    {
        commands.Take(editor);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await LiveblogRights.CheckEditorAsync(db, editor, liveblogId, cancellationToken);
        return await PostFiles.PreviewAsync(db, liveblogId, markdown, cancellationToken);
    }

    /// <summary>Every text that a post has had, newest first; also of a deleted one.</summary>
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

    /// <summary>Makes the post of a draft, or finds the one that was made; inside a change of the liveblog.</summary>
    internal async Task<IReadOnlyList<LiveblogPost>> PublishAsync(
        ChatDbContext db, Liveblog liveblog, Guid draftId, int authorId, string title, PostText text, CancellationToken cancellationToken)
    {
        await db.LiveblogDrafts.Where(draft => draft.Id == draftId && draft.LiveblogId == liveblog.Id).ExecuteDeleteAsync(cancellationToken);
        if (await db.LiveblogPosts.SingleOrDefaultAsync(post => post.DraftId == draftId, cancellationToken) is { } published)
            return published.LiveblogId == liveblog.Id ? [published] : throw NoSuchPost();
        if (liveblog.State == LiveblogState.Archived)
            throw LiveblogRights.Archived();
        var revision = ++liveblog.LastRevision;
        var post = new LiveblogPost
        {
            LiveblogId = liveblog.Id,
            DraftId = draftId,
            Revision = revision,
            FirstRevision = revision,
            AuthorId = authorId,
            Title = title,
            Markdown = text.Markdown,
            Html = "",
            IsKeyEvent = text.IsKeyEvent,
            PublishedAt = time.GetUtcNow().UtcDateTime,
        };
        post.Html = await PostFiles.TakeAsync(db, post, cancellationToken);
        db.Add(post);
        db.Add(Version(post, 1, authorId, post.PublishedAt));
        return [post];
    }

    private static LiveblogPostVersion Version(LiveblogPost post, int number, int writtenById, DateTime writtenAt) => new()
    {
        Post = post,
        Number = number,
        Title = post.Title,
        Markdown = post.Markdown,
        WrittenById = writtenById,
        WrittenAt = writtenAt,
    };

    private async Task<LiveblogPostView> ChangeAsync(
        ClaimsPrincipal editor,
        int liveblogId,
        int postId,
        Func<ChatDbContext, Liveblog, LiveblogPost, CancellationToken, Task<IReadOnlyList<LiveblogPost>>> change,
        CancellationToken cancellationToken,
        bool isDeletion = false)
    {
        commands.Take(editor);
        await CheckEditorAsync(editor, liveblogId, cancellationToken);
        var changes = await writer.ChangeAsync(
            liveblogId,
            async (db, liveblog, token) =>
            {
                var post = await db.LiveblogPosts.SingleOrDefaultAsync(post => post.Id == postId && post.LiveblogId == liveblogId, token)
                    ?? throw NoSuchPost();
                if (post.DeletedAt is not null)
                    return isDeletion ? [post] : throw NoSuchPost();
                return liveblog.State == LiveblogState.Archived
                    ? throw LiveblogRights.Archived()
                    : await change(db, liveblog, post, token);
            },
            cancellationToken);
        return changes[^1].Post!;
    }

    private async Task CheckEditorAsync(ClaimsPrincipal editor, int liveblogId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await LiveblogRights.CheckEditorAsync(db, editor, liveblogId, cancellationToken);
    }

    private static RefusedException NoSuchPost() => new(RefusalCode.NotFound, "There is no such post.");
}
