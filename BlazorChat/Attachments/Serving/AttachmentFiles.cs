using System.Security.Claims;
using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Rights;
using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Attachments.Serving;

/// <summary>An open file, after the check of the reader's rights.</summary>
/// <param name="IsShown">It may be shown in the page; otherwise it is only to be saved.</param>
/// <param name="Tag">Names the bytes: the same bytes have the same one, on every node.</param>
internal sealed record AttachmentFile(Stream Content, string ContentType, string Name, bool IsShown, string Tag, bool IsForEverybody);

/// <summary>Gives files out. Every call is checked for its caller.</summary>
internal sealed class AttachmentFiles(IDbContextFactory<ChatDbContext> databases, IAttachmentStore store, AttachmentOwners owners)
{
    /// <param name="size">Of the thumbnail; null for the file itself.</param>
    /// <returns>Null when this person may read no such file. The caller disposes its content.</returns>
    public async Task<AttachmentFile?> OpenAsync(ClaimsPrincipal reader, Guid id, ThumbnailSize? size, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var attachment = await db.Attachments.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, cancellationToken);
        if (attachment is null)
            return null;
        var audience = await owners.Get(attachment.Owner).FindAudienceAsync(reader, attachment, cancellationToken);
        if (audience == AttachmentAudience.Others)
            return null;
        var content = size is null ? store.OpenRead(attachment.Hash) : store.OpenRead(attachment.Hash, ThumbnailMaker.VariantOf(size));
        if (content is null)
            return null;
        // A picture that could not be read is a browser's puzzle too, maybe an enormous one.
        var isShown = FileType.IsShown(attachment.ContentType) && (!FileType.IsPicture(attachment.ContentType) || attachment.Width > 0);
        var tag = Convert.ToHexStringLower(attachment.Hash);
        var isForEverybody = audience == AttachmentAudience.Everybody;
        return size is null
            ? new AttachmentFile(content, attachment.ContentType, attachment.Name, isShown, tag, isForEverybody)
            : new AttachmentFile(content, FileType.WebP, $"{Path.GetFileNameWithoutExtension(attachment.Name)}.webp", true, $"{tag}.{size.Width}", isForEverybody);
    }
}
