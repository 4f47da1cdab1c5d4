using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Attachments.Storage;

/// <summary>Removes the files that no attachment uses any more.</summary>
internal sealed partial class AttachmentCleaner(
    IDbContextFactory<ChatDbContext> databases, IAttachmentStore store, ILogger<AttachmentCleaner> logger)
{
    /// <summary>
    /// To be called when attachments are gone from the database. It throws at nobody: a file that could not be removed is found
    /// in the next night.
    /// </summary>
    public async Task RemoveUnusedAsync(IEnumerable<byte[]> hashes, CancellationToken cancellationToken)
    {
        foreach (var hash in hashes)
        {
            try
            {
                await store.RemoveAsync(hash, token => IsUsedAsync(hash, token), cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotRemoved(logger, exception);
            }
        }
    }

    private async Task<bool> IsUsedAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Attachments.AnyAsync(attachment => attachment.Hash == hash, cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Warning, "A file that nobody uses could not be removed; it is tried again in the night")]
    private static partial void LogNotRemoved(ILogger logger, Exception exception);
}
