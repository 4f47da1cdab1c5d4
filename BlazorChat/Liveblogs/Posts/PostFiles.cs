using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Serving;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Markup;
using BlazorChat.Markup.Figures;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs.Posts;

/// <summary>The files that a post's text names. They are attached to the post when it is written, and rendered where they are named.</summary>
internal static class PostFiles
{
    /// <summary>The most files of one post.</summary>
    public const int MaxShown = 20;

    /// <summary>Attaches the files that the text names to the post. Call it in a change of the liveblog.</summary>
    /// <returns>The HTML of the text.</returns>
    /// <exception cref="RefusedException">Too many files, or one that does not exist or belongs to something else.</exception>
    public static async Task<string> AttachAsync(ChatDbContext db, LiveblogPost post, CancellationToken cancellationToken)
    {
        var ids = MarkdownHtml.FindFiles(post.Markdown);
        if (ids.Count > MaxShown)
            throw new RefusedException(RefusalCode.Invalid, LiveblogTexts.Get("TooManyFiles", MaxShown));
        var files = await FindAsync(db, post.LiveblogId, post.Id, ids, cancellationToken);
        if (files.Count != ids.Count)
            throw Missing();
        foreach (var file in files.Where(file => file.PostId is null))
            post.Attachments.Add(file);
        return Render(post.Markdown, files.Select(AttachmentView.From));
    }

    /// <summary>Renders a post whose files have changed.</summary>
    public static async Task<string> RenderAsync(ChatDbContext db, LiveblogPost post, CancellationToken cancellationToken)
    {
        var files = await FindAsync(db, post.LiveblogId, post.Id, MarkdownHtml.FindFiles(post.Markdown), cancellationToken);
        return Render(post.Markdown, files.Select(AttachmentView.From));
    }

    /// <summary>Renders a text that is not saved, with any files of its liveblog.</summary>
    public static async Task<string> PreviewAsync(ChatDbContext db, int liveblogId, string markdown, CancellationToken cancellationToken)
    {
        var ids = MarkdownHtml.FindFiles(markdown).Take(MaxShown).ToArray();
        if (ids.Length == 0)
            return Render(markdown, []);
        var files = await db.Attachments
            .Where(attachment => attachment.Owner == AttachmentOwner.Liveblog && attachment.OwnerId == liveblogId && ids.Contains(attachment.Id))
            .Select(AttachmentView.FromAttachment)
            .ToListAsync(cancellationToken);
        return Render(markdown, files);
    }

    /// <summary>Whether all files that a text names can be attached to a new post.</summary>
    public static async Task<bool> ExistAsync(ChatDbContext db, int liveblogId, string markdown, CancellationToken cancellationToken)
    {
        var ids = MarkdownHtml.FindFiles(markdown);
        return ids.Count <= MaxShown && (await FindAsync(db, liveblogId, postId: 0, ids, cancellationToken)).Count == ids.Count;
    }

    /// <summary>Removes the attachments of a post, also those that its text no longer names.</summary>
    /// <returns>The hashes of the files.</returns>
    public static async Task<IReadOnlyList<byte[]>> RemoveAsync(ChatDbContext db, LiveblogPost post, CancellationToken cancellationToken)
    {
        var files = await db.Attachments.Where(attachment => attachment.PostId == post.Id).ToListAsync(cancellationToken);
        db.RemoveRange(files);
        return [.. files.Select(file => file.Hash)];
    }

    /// <summary>A part of the HTML of a post that shows the file.</summary>
    public static string AddressInHtml(Guid id) => $"=\"attachments/{id}";

    public static RefusedException Missing() => new(RefusalCode.NotFound, LiveblogTexts.Get("FileMissing"));

    /// <param name="postId">The post that they may be attached to already; 0 for a new one.</param>
    private static async Task<IReadOnlyList<Attachment>> FindAsync(
        ChatDbContext db, int liveblogId, int postId, IReadOnlyList<Guid> ids, CancellationToken cancellationToken) => ids.Count == 0
        ? []
        : await db.Attachments
            .Where(attachment => attachment.Owner == AttachmentOwner.Liveblog && attachment.OwnerId == liveblogId && attachment.MessageId == null
                && (attachment.PostId == null || attachment.PostId == postId) && ids.Contains(attachment.Id))
            .ToListAsync(cancellationToken);

    private static string Render(string markdown, IEnumerable<AttachmentView> files) =>
        MarkdownHtml.Render(markdown, withEmbeds: true, files.ToDictionary(file => file.Id, Show));

    private static ShownFile Show(AttachmentView file) => new(
        file.Address,
        file.Name,
        $"{KindOf(file)}, {FileSize.Format(file.Size)}",
        ShapeOf(file),
        file.Width,
        file.Height,
        file.IsPicture ? ThumbnailSize.Small.Fit(file.Width, file.Height).Width : 0,
        file.IsPicture ? ThumbnailSize.Large.Fit(file.Width, file.Height).Width : 0,
        file.Preview);

    private static FileShape ShapeOf(AttachmentView file) => file.Thumbnails switch
    {
        ThumbnailState.Ready => FileShape.Picture,
        ThumbnailState.Pending => FileShape.PendingPicture,
        _ when FileType.IsVideo(file.ContentType) => FileShape.Video,
        _ when FileType.IsAudio(file.ContentType) => FileShape.Audio,
        _ => FileShape.Card,
    };

    private static string KindOf(AttachmentView file) =>
        Path.GetExtension(file.Name) is { Length: > 1 and <= 8 } ending ? ending[1..].ToUpperInvariant() : file.ContentType;
}
