using BlazorChat.Attachments.Storage;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Directory;

/// <summary>
/// Removes the files, the messages and at last the row of deleted rooms, in batches, so that no transaction lasts long. Each batch extends a lease:
/// one node removes a room, and another one continues when that node has stopped.
/// </summary>
internal sealed partial class RoomRemoval(
    IDbContextFactory<ChatDbContext> databases, AttachmentCleaner cleaner, TimeProvider time, ILogger<RoomRemoval> logger) : BackgroundService
{
    /// <summary>The number of messages that one transaction removes.</summary>
    internal const int MessageBatch = 500;

    /// <summary>The number of attachments whose files and rows one step removes.</summary>
    internal const int FileBatch = 100;

    /// <summary>The number of deleted rooms that one query reads.</summary>
    private const int MaxRooms = 100;

    internal static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Between two batches other writers get the database.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly Signal _requested = new();

    /// <summary>Begins at once with a room that this node has deleted. Other nodes find it when this one stops.</summary>
    public void Request() => _requested.Set();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await TryLeaseAsync(stoppingToken) is { } lease)
                    await RemoveAsync(lease, stoppingToken);
                await _requested.WaitAsync(Interval, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogFailed(logger, exception);
                await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Leases a room that no other node removes; null when there is none.</summary>
    internal async Task<Lease?> TryLeaseAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var roomIds = await db.RoomDeletions
            .Where(deletion => deletion.LeasedUntil <= now)
            .OrderBy(deletion => deletion.RoomId)
            .Select(deletion => deletion.RoomId)
            .Take(MaxRooms)
            .ToListAsync(cancellationToken);
        foreach (var roomId in roomIds)
        {
            var until = now + LeaseDuration;
            var leased = await db.RoomDeletions
                .Where(deletion => deletion.RoomId == roomId && deletion.LeasedUntil <= now)
                .ExecuteUpdateAsync(deletion => deletion.SetProperty(d => d.LeasedUntil, until), cancellationToken);
            if (leased > 0)
                return new Lease(roomId, until);
        }

        return null;
    }

    private async Task RemoveAsync(Lease lease, CancellationToken cancellationToken)
    {
        LogBegun(logger, lease.RoomId);
        while (await RemoveBatchAsync(lease, cancellationToken) is { } extended)
        {
            lease = extended;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <returns>The extended lease; null when the room is removed, or another node has leased it.</returns>
    internal async Task<Lease?> RemoveBatchAsync(Lease lease, CancellationToken cancellationToken)
    {
        var roomId = lease.RoomId;
        var files = await ReadFilesAsync(roomId, cancellationToken);
        // Files are removed before the rows that name them, so a node that continues finds those that are left.
        await cleaner.RemoveAsync(files.Select(file => file.Hash), AttachmentOwner.Room, roomId, cancellationToken);
        var ids = files.Select(file => file.Id).ToArray();
        var (heldUntil, until) = (lease.Until, time.GetUtcNow().UtcDateTime + LeaseDuration);
        var hasMore = await databases.InTransactionAsync(
            async (db, token) =>
            {
                await db.Rooms.Where(room => room.Id == roomId).ExecuteUpdateAsync(
                    room => room.SetProperty(r => r.LastRevision, r => r.LastRevision), token);
                var held = await db.RoomDeletions
                    .Where(deletion => deletion.RoomId == roomId && deletion.LeasedUntil == heldUntil)
                    .ExecuteUpdateAsync(deletion => deletion.SetProperty(d => d.LeasedUntil, until), token);
                return held > 0 ? await RemoveRowsAsync(db, roomId, ids, token) : (bool?)null;
            },
            cancellationToken);
        if (hasMore == false)
            LogRemoved(logger, roomId);
        return hasMore == true ? new Lease(roomId, until) : null;
    }

    private async Task<IReadOnlyList<(Guid Id, byte[] Hash)>> ReadFilesAsync(int roomId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var files = await db.Attachments
            .Where(attachment => attachment.Owner == AttachmentOwner.Room && attachment.OwnerId == roomId)
            .OrderBy(attachment => attachment.Id)
            .Select(attachment => new { attachment.Id, attachment.Hash })
            .Take(FileBatch)
            .ToListAsync(cancellationToken);
        return [.. files.Select(file => (file.Id, file.Hash))];
    }

    /// <summary>Removes these attachments; without any the oldest messages; without messages the room.</summary>
    /// <returns>Whether there may be more.</returns>
    internal static async Task<bool> RemoveRowsAsync(ChatDbContext db, int roomId, Guid[] attachmentIds, CancellationToken cancellationToken)
    {
        if (attachmentIds.Length > 0)
        {
            await db.Attachments.Where(attachment => attachmentIds.Contains(attachment.Id)).ExecuteDeleteAsync(cancellationToken);
            return true;
        }

        var messages = db.Messages.Where(message => message.RoomId == roomId);
        if (await messages.MinAsync(message => (long?)message.Sequence, cancellationToken) is not { } oldest)
        {
            await db.SearchPositions.Where(p => p.Kind == SearchKind.Message && p.SourceId == roomId).ExecuteDeleteAsync(cancellationToken);
            await db.Rooms.Where(room => room.Id == roomId).ExecuteDeleteAsync(cancellationToken);
            return false;
        }

        var end = oldest + MessageBatch;
        await db.Mentions.Where(mention => mention.RoomId == roomId && mention.Sequence < end).ExecuteDeleteAsync(cancellationToken);
        await db.Reactions.Where(reaction => reaction.RoomId == roomId && reaction.Sequence < end).ExecuteDeleteAsync(cancellationToken);
        await db.MessageLinks.Where(link => link.RoomId == roomId && link.Sequence < end).ExecuteDeleteAsync(cancellationToken);
        var ids = await messages.Where(message => message.Sequence < end).Select(message => message.Id).ToListAsync(cancellationToken);
        await db.SearchIndex.RemoveAsync(SearchKind.Message, ids, cancellationToken);
        await db.MessageNotifications.Where(row => row.RoomId == roomId && row.Sequence < end).ExecuteDeleteAsync(cancellationToken);
        await messages.Where(message => message.Sequence < end).ExecuteDeleteAsync(cancellationToken);
        return true;
    }

    [LoggerMessage(1, LogLevel.Information, "The messages and files of deleted room {RoomId} are being removed")]
    private static partial void LogBegun(ILogger logger, int roomId);

    [LoggerMessage(2, LogLevel.Information, "Deleted room {RoomId} is removed with its messages and files")]
    private static partial void LogRemoved(ILogger logger, int roomId);

    [LoggerMessage(3, LogLevel.Error, "A deleted room could not be removed; it is tried again in a few seconds")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    internal sealed record Lease(int RoomId, DateTime Until);
}
