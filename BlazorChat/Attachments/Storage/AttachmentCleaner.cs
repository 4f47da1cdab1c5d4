using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Attachments.Storage;

/// <summary>Removes the files that no attachment and no preview of a link uses any more.</summary>
internal sealed partial class AttachmentCleaner(
    IDbContextFactory<ChatDbContext> databases, IAttachmentStore store, ILogger<AttachmentCleaner> logger)
{
    /// <summary>
    /// To be called when attachments are gone from the database. It throws at nobody: a file that could not be removed is found
    /// in the next night.
    /// </summary>
    public Task RemoveUnusedAsync(IEnumerable<byte[]> hashes, CancellationToken cancellationToken) =>
        RemoveAsync(hashes, attachments => attachments, cancellationToken);

    /// <summary>The same for an owner that is deleted with all its attachments, which are not gone from the database yet.</summary>
    public Task RemoveAsync(IEnumerable<byte[]> hashes, AttachmentOwner owner, int ownerId, CancellationToken cancellationToken) =>
        RemoveAsync(hashes, attachments => attachments.Where(a => a.Owner != owner || a.OwnerId != ownerId), cancellationToken);

    /// <param name="users">Those of all attachments that use their files.</param>
    private async Task RemoveAsync(
        IEnumerable<byte[]> hashes, Func<IQueryable<Attachment>, IQueryable<Attachment>> users, CancellationToken cancellationToken)
    {
        foreach (var hash in hashes)
        {
            try
            {
                await store.RemoveAsync(hash, token => IsUsedAsync(hash, users, token), cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotRemoved(logger, exception);
            }
        }
    }

    private async Task<bool> IsUsedAsync(
        byte[] hash, Func<IQueryable<Attachment>, IQueryable<Attachment>> users, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await users(db.Attachments).AnyAsync(attachment => attachment.Hash == hash, cancellationToken)
            || await db.LinkPreviews.AnyAsync(preview => preview.PictureHash == hash, cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Warning, "A file that nobody uses could not be removed; it is tried again in the night")]
    private static partial void LogNotRemoved(ILogger logger, Exception exception);
}
