using BlazorChat.Attachments.Files;
using BlazorChat.Common;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Attachments.Uploads;

/// <summary>How much may be uploaded: by one person, by all, and as long as the disk has room. Files that several attachments share count for each.</summary>
/// <param name="folder">The folder of the files.</param>
internal sealed partial class UploadQuota(
    string folder, IFreeSpace space, IOptions<AttachmentOptions> options, TimeProvider time, ILogger<UploadQuota> logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private readonly OncePerMinute _log = new(time);

    /// <summary>True while there is less room than <see cref="AttachmentOptions.MinFreeSpace"/>.</summary>
    public bool IsDiskLow => FreeSpace < options.Value.MinFreeSpace;

    /// <summary>Bytes that are free on the disk of the files.</summary>
    public long FreeSpace => space.Of(folder);

    /// <summary>
    /// Call it before a file is received, so that no file is received in vain, and again in the transaction that adds it, when its length
    /// is certain and no other file of the person is added.
    /// </summary>
    /// <param name="length">Bytes; 0 when it is not known yet.</param>
    /// <exception cref="RefusedException">There is no room for it.</exception>
    public async Task CheckAsync(ChatDbContext db, int personId, long length, CancellationToken cancellationToken)
    {
        CheckDisk(length);
        var quota = options.Value;
        if (quota.MaxPerPerson > 0
            && await db.Attachments.Where(a => a.UploaderId == personId).SumAsync(a => a.Size, cancellationToken) + length > quota.MaxPerPerson)
        {
            throw new RefusedException(RefusalCode.Conflict, AttachmentTexts.Get("QuotaReached", FileSize.Format(quota.MaxPerPerson)));
        }

        if (quota.MaxInAll > 0 && await db.Attachments.SumAsync(a => a.Size, cancellationToken) + length > quota.MaxInAll)
        {
            LogOncePerMinute("all files together reach Attachments:MaxInAll");
            throw RefusedException.Full(AttachmentTexts.Get("StorageFull"), RetryAfter);
        }
    }

    /// <summary>Logs that a file could not be written because the disk is full.</summary>
    public void ReportFull() => LogOncePerMinute("the disk is full");

    private void CheckDisk(long length)
    {
        if (space.Of(folder) - length >= options.Value.MinFreeSpace)
            return;
        LogOncePerMinute("the disk has less than Attachments:MinFreeSpace free");
        throw RefusedException.Full(AttachmentTexts.Get("DiskLow"), RetryAfter);
    }

    private void LogOncePerMinute(string reason)
    {
        if (_log.TryCount(out _, reason))
            LogRefused(logger, folder, reason);
    }

    [LoggerMessage(1, LogLevel.Error, "No file is accepted into {Folder}: {Reason}")]
    private static partial void LogRefused(ILogger logger, string folder, string reason);
}
