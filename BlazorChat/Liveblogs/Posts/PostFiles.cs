using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Serving;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Markup;
using BlazorChat.Markup.Figures;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs.Posts;

/// <summary>The files that a post's text names: taken by the post when it is written, and shown where they are named.</summary>
internal static class PostFiles
{
    /// <summary>The most that one post shows.</summary>
    public const int MaxShown = 20;

    /// <summary>Lets a post take the files that its text names; inside a change of its liveblog.</summary>
    /// <returns>What readers get of the text.</returns>
    /// <exception cref="RefusedException">One of them is not there, or is another's.</exception>
    public static async Task<string> TakeAsync(ChatDbContext db, LiveblogPost post, CancellationToken cancellationToken)
    {
        var ids = MarkdownHtml.FindFiles(post.Markdown);
        if (ids.Count > MaxShown)
            throw new RefusedException(RefusalCode.Invalid, $"A post shows at most {MaxShown} files.");
        var files = await FindAsync(db, post.LiveblogId, post.Id, ids, cancellationToken);
        if (files.Count != ids.Count)
            throw NotThere();
        foreach (var file in files.Where(file => file.PostId is null))
            post.Attachments.Add(file);
        return Render(post.Markdown, files.Select(AttachmentView.From));
    }

    /// <summary>What readers get of a post whose files have changed.</summary>
    public static async Task<string> RenderAsync(ChatDbContext db, LiveblogPost post, CancellationToken cancellationToken)
    {
        var files = await FindAsync(db, post.LiveblogId, post.Id, MarkdownHtml.FindFiles(post.Markdown), cancellationToken);
        return Render(post.Markdown, files.Select(AttachmentView.From));
    }

    /// <summary>How a text will look, with any files of its liveblog.</summary>
    public static async Task<string> PreviewAsync(ChatDbContext db, int liveblogId, string markdown, CancellationToken cancellationToken)
    {
        var ids = MarkdownHtml.FindFiles(markdown).Take(MaxShown).ToArray();
        if (ids.Length == 0)
            return Render(markdown, []);
        var files = await db.Attachments
            .Where(attachment => attachment.Place == AttachmentPlace.Liveblog && attachment.PlaceId == liveblogId && ids.Contains(attachment.Id))
            .Select(AttachmentView.FromAttachment)
            .ToListAsync(cancellationToken);
        return Render(markdown, files);
    }

    /// <summary>Whether a new post may take all that its text names.</summary>
    public static async Task<bool> AreThereAsync(ChatDbContext db, int liveblogId, string markdown, CancellationToken cancellationToken)
    {
        var ids = MarkdownHtml.FindFiles(markdown);
        return ids.Count <= MaxShown && (await FindAsync(db, liveblogId, postId: 0, ids, cancellationToken)).Count == ids.Count;
    }

    /// <summary>Removes all that a post has taken, also what its text does not name any more.</summary>
    /// <returns>The hashes of their files.</returns>
    public static async Task<IReadOnlyList<byte[]>> RemoveAsync(ChatDbContext db, LiveblogPost post, CancellationToken cancellationToken)
    {
        var files = await db.Attachments.Where(attachment => attachment.PostId == post.Id).ToListAsync(cancellationToken);
        db.RemoveRange(files);
        return [.. files.Select(file => file.Hash)];
    }

    /// <summary>What the HTML of a post holds when it shows the file.</summary>
    public static string AddressInHtml(Guid id) => $"=\"attachments/{id}";

    public static RefusedException NotThere() => new(RefusalCode.NotFound, "A file is not there any more: attach it again.");

    /// <param name="postId">The post that may have them already; 0 for one that is new.</param>
    private static async Task<IReadOnlyList<Attachment>> FindAsync(
        ChatDbContext db, int liveblogId, int postId, IReadOnlyList<Guid> ids, CancellationToken cancellationToken) => ids.Count == 0
        ? []
        : await db.Attachments
            .Where(attachment => attachment.Place == AttachmentPlace.Liveblog && attachment.PlaceId == liveblogId && attachment.MessageId == null
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
