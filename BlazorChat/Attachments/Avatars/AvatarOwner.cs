using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Rights;
using BlazorChat.Attachments.Storage;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Attachments.Avatars;

/// <summary>
/// Pictures of people. The last picture of a person whose thumbnails are ready is their avatar, which everybody who is signed in sees.
/// </summary>
internal sealed class AvatarOwner(IDbContextFactory<ChatDbContext> databases, AttachmentCleaner cleaner, IChannelLayer layer) : IAttachmentOwner
{
    /// <summary>The most pictures of one person that are stored at a time.</summary>
    public const int MaxKept = 10;

    public AttachmentOwner Kind => AttachmentOwner.Person;

    public long MaxSize => AvatarStore.MaxSize;

    public async Task<AttachmentAudience> FindAudienceAsync(ClaimsPrincipal reader, Attachment attachment, CancellationToken cancellationToken)
    {
        if (!reader.IsSignedIn)
            return AttachmentAudience.Others;
        if (attachment.UploaderId == reader.UserId)
            return AttachmentAudience.Person;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.AnyAsync(user => user.Id == attachment.OwnerId && user.AvatarId == attachment.Id, cancellationToken)
            ? AttachmentAudience.Person
            : AttachmentAudience.Others;
    }

    public async Task CheckUploaderAsync(ClaimsPrincipal person, int ownerId, CancellationToken cancellationToken)
    {
        if (!person.IsSignedIn || person.UserId != ownerId)
            throw new RefusedException(RefusalCode.Forbidden, AttachmentTexts.Get("OtherAvatarRefused"));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Attachments.CountAsync(a => a.Owner == AttachmentOwner.Person && a.OwnerId == ownerId, cancellationToken) >= MaxKept)
            throw new RefusedException(RefusalCode.Conflict, AttachmentTexts.Get("AvatarsPending"));
    }

    /// <summary>The last picture that is ready becomes the person's avatar, which is published to open pages. The same transaction deletes older pictures.</summary>
    public async Task SetThumbnailsAsync(int ownerId, Guid attachmentId, ThumbnailState state, CancellationToken cancellationToken)
    {
        var (avatarId, removed) = await databases.InTransactionAsync(
            (db, token) => SetThumbnailsAsync(db, ownerId, attachmentId, state, token), cancellationToken);
        if (avatarId == attachmentId)
            await layer.PublishAsync(AvatarGroups.All, new AvatarChanged(ownerId, avatarId), CancellationToken.None);
        await cleaner.RemoveUnusedAsync(removed, CancellationToken.None);
    }

    public async Task<IReadOnlyCollection<Guid>> FindWantedAsync(IReadOnlyCollection<Guid> unsent, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users
            .Where(user => user.AvatarId != null && unsent.Contains(user.AvatarId.Value))
            .Select(user => user.AvatarId!.Value)
            .ToListAsync(cancellationToken);
    }

    /// <returns>The person's avatar, and the hashes of deleted pictures.</returns>
    private static async Task<(Guid? AvatarId, IReadOnlyList<byte[]> Removed)> SetThumbnailsAsync(
        ChatDbContext db, int personId, Guid attachmentId, ThumbnailState state, CancellationToken cancellationToken)
    {
        // An update of the person locks the row, so that two pictures that are ready at the same time are handled one after the other.
        await db.Users.Where(user => user.Id == personId).ExecuteUpdateAsync(
            user => user.SetProperty(u => u.AvatarId, u => u.AvatarId), cancellationToken);
        var pictures = db.Attachments.Where(a => a.Owner == AttachmentOwner.Person && a.OwnerId == personId);
        var known = await pictures.Select(a => new { a.Id, a.Thumbnails, a.UploadedAt, a.Hash }).ToListAsync(cancellationToken);
        var avatarId = await db.Users.Where(user => user.Id == personId).Select(user => user.AvatarId).FirstOrDefaultAsync(cancellationToken);
        // It was handled before: a person who has removed the picture since must not get it back.
        if (known.Find(a => a.Id == attachmentId) is not { Thumbnails: ThumbnailState.Pending } own)
            return (avatarId, []);

        IReadOnlyList<byte[]> removed = [];
        if (state == ThumbnailState.Ready)
        {
            var last = known.Where(a => a.Thumbnails == ThumbnailState.Ready).Append(own).MaxBy(a => a.UploadedAt)!;
            avatarId = last.Id;
            await db.Users.Where(user => user.Id == personId).ExecuteUpdateAsync(
                user => user.SetProperty(u => u.AvatarId, last.Id), cancellationToken);
            removed = [.. known.Where(a => a.Id != last.Id && a.UploadedAt <= last.UploadedAt).Select(a => a.Hash)];
            await pictures.Where(a => a.Id != last.Id && a.UploadedAt <= last.UploadedAt).ExecuteDeleteAsync(cancellationToken);
        }

        // Its own row last, so that no transaction locks it while it looks for others. A newer picture may have deleted it.
        await pictures.Where(a => a.Id == attachmentId).ExecuteUpdateAsync(
            attachment => attachment.SetProperty(a => a.Thumbnails, state), cancellationToken);
        return (avatarId, removed);
    }
}
