using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages;

/// <summary>A person has read a room up to a message.</summary>
internal sealed record ReadMark(int RoomId, int UserId, long Sequence);

/// <summary>
/// Stores read positions, those of many readers in one transaction, so that readers do not delay writers. A position only rises, at most to the
/// room's newest message.
/// </summary>
internal sealed class ReadMarks(IDbContextFactory<ChatDbContext> databases, IChannelLayer layer) : GroupCommit<ReadMark, long>
{
    /// <summary>Raises a read position and returns the stored one, which may be higher.</summary>
    /// <exception cref="RefusedException">No such room, or not a member of it.</exception>
    public Task<long> RaiseAsync(ReadMark mark, CancellationToken cancellationToken) => WriteAsync(mark, cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<ReadMark> writes, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var roomIds = writes.Select(write => write.RoomId).Distinct().ToArray();
        var userIds = writes.Select(write => write.UserId).Distinct().ToArray();
        var rooms = await db.Rooms.AsNoTracking()
            .Where(room => roomIds.Contains(room.Id))
            .ToDictionaryAsync(room => room.Id, cancellationToken);
        var marks = await db.Memberships
            .Where(membership => roomIds.Contains(membership.RoomId) && userIds.Contains(membership.UserId))
            .Select(membership => new ReadMark(membership.RoomId, membership.UserId, membership.LastReadSequence))
            .ToDictionaryAsync(mark => (mark.RoomId, mark.UserId), mark => mark.Sequence, cancellationToken);

        var raised = writes
            .Where(write => marks.ContainsKey((write.RoomId, write.UserId)))
            .Select(write => write with { Sequence = Math.Min(write.Sequence, rooms[write.RoomId].LastSequence) })
            .GroupBy(write => (write.RoomId, write.UserId))
            .Select(same => same.MaxBy(write => write.Sequence)!)
            .Where(write => write.Sequence > marks[(write.RoomId, write.UserId)])
            .ToArray();
        await SaveAsync(databases, raised, cancellationToken);
        foreach (var mark in raised)
        {
            marks[(mark.RoomId, mark.UserId)] = mark.Sequence;
            await layer.PublishAsync(RoomGroups.User(mark.UserId), new RoomRead(mark.RoomId, mark.Sequence), cancellationToken);
        }

        return [.. writes.Select(write => marks.TryGetValue((write.RoomId, write.UserId), out var sequence)
            ? new Outcome(sequence)
            : new Outcome(RoomDirectory.NotMember(rooms.GetValueOrDefault(write.RoomId)?.Kind, RoomTexts.Get("MembersOnlyRead"))))];
    }

    internal static Task SaveAsync(IDbContextFactory<ChatDbContext> databases, ReadMark[] raised, CancellationToken cancellationToken) =>
        raised.Length == 0
            ? Task.CompletedTask
            : databases.InTransactionAsync((db, token) => SaveAsync(db, raised, token), cancellationToken);

    private static async Task<int> SaveAsync(ChatDbContext db, ReadMark[] raised, CancellationToken cancellationToken)
    {
        foreach (var room in raised.GroupBy(mark => mark.RoomId).OrderBy(room => room.Key))
        {
            var (roomId, readerIds) = (room.Key, room.Select(mark => mark.UserId).Order().ToArray());
            // Writing the rows first locks them in an order that all transactions share.
            await db.Memberships
                .Where(m => m.RoomId == roomId && readerIds.Contains(m.UserId))
                .ExecuteUpdateAsync(m => m.SetProperty(membership => membership.LastReadSequence, membership => membership.LastReadSequence), cancellationToken);
            // Most readers of an active room have read up to the same message.
            foreach (var readers in room.GroupBy(mark => mark.Sequence, mark => mark.UserId))
            {
                var (sequence, userIds) = (readers.Key, readers.ToArray());
                await db.Memberships
                    .Where(m => m.RoomId == roomId && userIds.Contains(m.UserId) && m.LastReadSequence < sequence)
                    .ExecuteUpdateAsync(m => m.SetProperty(membership => membership.LastReadSequence, sequence), cancellationToken);
            }
        }

        return raised.Length;
    }
}
