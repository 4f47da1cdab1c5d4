using System.Security.Claims;
using BlazorChat.Attachments.Rights;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Liveblogs;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs.Posts;

/// <summary>Attachments of posts: editors add them, and the readers of the post see them.</summary>
internal sealed class LiveblogAttachments(IDbContextFactory<ChatDbContext> databases, LiveblogWriter writer) : IAttachmentOwner
{
    public AttachmentOwner Kind => AttachmentOwner.Liveblog;

    public async Task<AttachmentAudience> FindAudienceAsync(ClaimsPrincipal reader, Attachment attachment, CancellationToken cancellationToken)
    {
        var liveblogId = attachment.OwnerId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (attachment.PostId is { } postId && await IsPublishedAsync(db, liveblogId, postId, attachment.Id, cancellationToken))
            return AttachmentAudience.Everybody;
        return await LiveblogRights.IsEditorAsync(db, reader, liveblogId, cancellationToken) ? AttachmentAudience.Person : AttachmentAudience.Others;
    }

    public async Task CheckUploaderAsync(ClaimsPrincipal person, int ownerId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await LiveblogRights.CheckEditorAsync(db, person, ownerId, cancellationToken);
        var state = await db.Liveblogs.Where(liveblog => liveblog.Id == ownerId).Select(liveblog => (LiveblogState?)liveblog.State).SingleOrDefaultAsync(cancellationToken);
        LiveblogRights.CheckOpen(state ?? throw LiveblogRights.NotFound());
    }

    public async Task SetThumbnailsAsync(int ownerId, Guid attachmentId, ThumbnailState state, CancellationToken cancellationToken)
    {
        await writer.ChangeAsync(ownerId, (db, liveblog, token) => SetAsync(db, liveblog, attachmentId, state, token), cancellationToken);
        // The preview of an editor may show it.
        await writer.NotifyEditorsAsync(ownerId);
    }

    public async Task<IReadOnlyCollection<Guid>> FindWantedAsync(IReadOnlyCollection<Guid> unsent, CancellationToken cancellationToken)
    {
        var wanted = new HashSet<Guid>();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var texts = db.LiveblogDrafts.Where(draft => draft.Markdown.Contains("attachment:")).Select(draft => draft.Markdown);
        await foreach (var text in texts.AsAsyncEnumerable().WithCancellation(cancellationToken))
            wanted.UnionWith(unsent.Where(id => text.Contains(id.ToString(), StringComparison.OrdinalIgnoreCase)));
        return wanted;
    }

    /// <summary>
    /// Whether the newest version of the post shows the file. Files that an edit removed stay attached to the post for its history, which only editors
    /// read.
    /// </summary>
    private static Task<bool> IsPublishedAsync(ChatDbContext db, int liveblogId, int postId, Guid attachmentId, CancellationToken cancellationToken)
    {
        var address = PostFiles.AddressInHtml(attachmentId);
        return db.LiveblogPosts.AnyAsync(
            post => post.Id == postId && post.LiveblogId == liveblogId && post.Liveblog!.State != LiveblogState.Draft && post.Html.Contains(address),
            cancellationToken);
    }

    private static async Task<IReadOnlyList<LiveblogPost>?> SetAsync(
        ChatDbContext db, Liveblog liveblog, Guid attachmentId, ThumbnailState state, CancellationToken cancellationToken)
    {
        var attachment = await db.Attachments.SingleOrDefaultAsync(
            a => a.Id == attachmentId && a.Owner == AttachmentOwner.Liveblog && a.OwnerId == liveblog.Id && a.Thumbnails == ThumbnailState.Pending,
            cancellationToken);
        if (attachment is null)
            return null;
        attachment.Thumbnails = state;
        var post = await db.LiveblogPosts.SingleOrDefaultAsync(p => p.Id == attachment.PostId && p.DeletedAt == null, cancellationToken);
        if (post is null)
            return null;
        var html = await PostFiles.RenderAsync(db, post, cancellationToken);
        if (html == post.Html)
            return null;
        post.Html = html;
        post.Revision = ++liveblog.LastRevision;
        return [post];
    }
}
