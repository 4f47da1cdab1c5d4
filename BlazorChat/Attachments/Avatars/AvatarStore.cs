using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Attachments.Avatars;

/// <summary>The picture of a person.</summary>
/// <param name="AvatarId">The attachment that is their picture; null for none.</param>
/// <param name="Newest">The state of the last one that they sent; null when none is stored.</param>
internal sealed record OwnPicture(Guid? AvatarId, ThumbnailState? Newest);

/// <summary>The pictures of people. Each person can change only their own.</summary>
internal sealed class AvatarStore(
    IDbContextFactory<ChatDbContext> databases, AttachmentUploads uploads, AttachmentCleaner cleaner, IChannelLayer layer)
{
    /// <summary>Bytes.</summary>
    public const long MaxSize = 5 * 1024 * 1024;

    /// <summary>The attachment that is this person's picture; null for none.</summary>
    public Task<Guid?> FindAsync(ClaimsPrincipal person, CancellationToken cancellationToken) => FindAsync(person.UserId, cancellationToken);

    /// <inheritdoc cref="FindAsync(ClaimsPrincipal, CancellationToken)"/>
    public async Task<Guid?> FindAsync(int personId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.Where(user => user.Id == personId).Select(user => user.AvatarId).SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<OwnPicture> ReadOwnAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        var personId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var newest = await db.Attachments
            .Where(a => a.Owner == AttachmentOwner.Person && a.OwnerId == personId)
            .OrderByDescending(a => a.UploadedAt)
            .Select(a => (ThumbnailState?)a.Thumbnails)
            .FirstOrDefaultAsync(cancellationToken);
        return new OwnPicture(await FindAsync(personId, cancellationToken), newest);
    }

    /// <summary>Stores a picture, which replaces the person's current one when its thumbnails are ready.</summary>
    /// <param name="size">Bytes.</param>
    /// <exception cref="RefusedException">It is too large, empty, or no picture.</exception>
    public async Task SetAsync(ClaimsPrincipal person, string name, Stream content, long size, CancellationToken cancellationToken)
    {
        var maxSize = uploads.MaxSizeOf(AttachmentOwner.Person);
        if (size > maxSize)
            throw new RefusedException(RefusalCode.Invalid, AttachmentTexts.Get("PictureTooLarge", FileSize.Format(maxSize)));
        await RemoveUnreadableAsync(person, cancellationToken);
        var upload = new Upload(Guid.NewGuid(), AttachmentOwner.Person, person.UserId, name);
        var attachment = await uploads.ReceiveAsync(person, upload, content, cancellationToken);
        if (attachment.IsPicture)
            return;
        await uploads.DiscardAsync(person, attachment.Id, CancellationToken.None);
        throw new RefusedException(RefusalCode.Invalid, AttachmentTexts.Get("ChoosePicture"));
    }

    /// <summary>Removes the person's picture and the pending ones.</summary>
    public async Task RemoveAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        var personId = person.UserId;
        var hashes = await databases.InTransactionAsync(
            async (db, token) =>
            {
                await db.Users.Where(user => user.Id == personId).ExecuteUpdateAsync(
                    user => user.SetProperty(u => u.AvatarId, (Guid?)null), token);
                return await RemoveAsync(
                    db.Attachments.Where(a => a.Owner == AttachmentOwner.Person && a.OwnerId == personId), token);
            },
            cancellationToken);
        await layer.PublishAsync(AvatarGroups.All, new AvatarChanged(personId, null), CancellationToken.None);
        await cleaner.RemoveUnusedAsync(hashes, CancellationToken.None);
    }

    /// <summary>Removes files that can't be read as pictures, so that they do not count against <see cref="AvatarOwner.MaxKept"/>.</summary>
    private async Task RemoveUnreadableAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        var personId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var hashes = await RemoveAsync(
            db.Attachments.Where(a => a.Owner == AttachmentOwner.Person && a.OwnerId == personId
                && (a.Thumbnails == ThumbnailState.Failed || a.Thumbnails == ThumbnailState.None)),
            cancellationToken);
        await cleaner.RemoveUnusedAsync(hashes, CancellationToken.None);
    }

    private static async Task<IReadOnlyList<byte[]>> RemoveAsync(IQueryable<Attachment> pictures, CancellationToken cancellationToken)
    {
        var hashes = await pictures.Select(a => a.Hash).ToListAsync(cancellationToken);
        await pictures.ExecuteDeleteAsync(cancellationToken);
        return hashes;
    }
}
