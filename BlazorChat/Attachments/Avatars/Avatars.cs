using System.Security.Claims;
using BlazorChat.Accounts;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Attachments;

/// <summary>People's own pictures. Everybody changes theirs alone.</summary>
internal sealed class Avatars(IDbContextFactory<ChatDbContext> databases, AttachmentUploads uploads, AttachmentCleaner cleaner)
{
    /// <summary>Bytes.</summary>
    public const long MaxSize = 5 * 1024 * 1024;

    /// <summary>The attachment that is this person's picture; null for none.</summary>
    public async Task<Guid?> FindAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        var personId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.Where(user => user.Id == personId).Select(user => user.AvatarId).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Keeps a picture, which is the person's as soon as its thumbnails are made; until then they have the one before.</summary>
    /// <param name="size">Bytes.</param>
    /// <exception cref="RefusedException">It is too large, empty, or no picture.</exception>
    public async Task SetAsync(ClaimsPrincipal person, string name, Stream content, long size, CancellationToken cancellationToken)
    {
        if (size > MaxSize)
            throw new RefusedException(RefusalCode.Invalid, $"A picture has at most {FileSize.Format(MaxSize)}.");
        await RemoveUnreadableAsync(person, cancellationToken);
        var upload = new Upload(Guid.NewGuid(), AttachmentPlace.Person, person.UserId, name);
        var kept = await uploads.ReceiveAsync(person, upload, content, cancellationToken);
        if (kept.IsPicture)
            return;
        await uploads.DiscardAsync(person, kept.Id, CancellationToken.None);
        throw new RefusedException(RefusalCode.Invalid, "Choose a picture: JPEG, PNG, GIF or WebP.");
    }

    /// <summary>Removes the person's picture, and those that were to be it.</summary>
    public async Task RemoveAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        var personId = person.UserId;
        await using var strategySource = await databases.CreateDbContextAsync(cancellationToken);
        var hashes = await strategySource.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                await using var db = await databases.CreateDbContextAsync(token);
                await using var transaction = await db.Database.BeginTransactionAsync(token);
                await db.Users.Where(user => user.Id == personId).ExecuteUpdateAsync(
                    user => user.SetProperty(u => u.AvatarId, (Guid?)null), token);
                var removed = await RemoveAsync(
                    db.Attachments.Where(a => a.Place == AttachmentPlace.Person && a.PlaceId == personId), token);
                await transaction.CommitAsync(token);
                return removed;
            },
            cancellationToken);
        await cleaner.RemoveUnusedAsync(hashes, CancellationToken.None);
    }

    /// <summary>Makes room: what could not be read as a picture will never be one.</summary>
    private async Task RemoveUnreadableAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        var personId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var hashes = await RemoveAsync(
            db.Attachments.Where(a => a.Place == AttachmentPlace.Person && a.PlaceId == personId
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
