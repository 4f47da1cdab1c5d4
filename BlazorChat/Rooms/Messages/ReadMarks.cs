using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages;

/// <summary>A change of the read position of a member.</summary>
internal abstract record ReadChange(int RoomId, int UserId, long Sequence);

/// <summary>A person has read a room up to a message.</summary>
/// <param name="Mark">
/// The newest mark of unread messages that the page of the reader knew when it opened: a newer one stays, although its messages are on the screen.
/// Null for a person who reads on purpose, which raises every mark.
/// </param>
internal sealed record ReadMark(int RoomId, int UserId, long Sequence, int? Mark = null) : ReadChange(RoomId, UserId, Sequence);

/// <summary>A person marks a message and all after it as unread.</summary>
internal sealed record UnreadMark(int RoomId, int UserId, long Sequence) : ReadChange(RoomId, UserId, Sequence);

/// <summary>
/// Stores read positions, those of many readers in one transaction, so that readers do not delay writers. A position only rises, at most to the
/// room's newest message. A mark of unread messages is a second position beside it.
/// </summary>
internal sealed class ReadMarks(IDbContextFactory<ChatDbContext> databases, PushOutbox outbox, IChannelLayer layer, TimeProvider time)
    : GroupCommit<ReadChange, ReadPosition>
{
    /// <summary>Applies a change and returns the stored position, which may be higher.</summary>
    /// <exception cref="RefusedException">No such room, or not a member of it; or no such message to mark as unread.</exception>
    public Task<ReadPosition> ApplyAsync(ReadChange change, CancellationToken cancellationToken) => WriteAsync(change, cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<ReadChange> writes, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var roomIds = writes.Select(write => write.RoomId).Distinct().ToArray();
        var userIds = writes.Select(write => write.UserId).Distinct().ToArray();
        var rooms = await db.Rooms.AsNoTracking()
            .Where(room => roomIds.Contains(room.Id))
            .Select(room => new { room.Id, room.Kind, room.LastSequence })
            .ToDictionaryAsync(room => room.Id, cancellationToken);
        var positions = await db.Memberships
            .Where(membership => roomIds.Contains(membership.RoomId) && userIds.Contains(membership.UserId))
            .Select(membership => new { membership.RoomId, membership.UserId, Position = new ReadPosition(membership.LastReadSequence, membership.UnreadFrom, membership.UnreadMarks) })
            .ToDictionaryAsync(read => (read.RoomId, read.UserId), read => read.Position, cancellationToken);

        var changes = writes
            .Where(write => positions.ContainsKey((write.RoomId, write.UserId)) && IsPossible(write, rooms[write.RoomId].LastSequence))
            .Select(write => write with { Sequence = Math.Min(write.Sequence, rooms[write.RoomId].LastSequence) })
            .GroupBy(write => (write.RoomId, write.UserId))
            .ToLookup(same => positions[same.Key].UnreadFrom is not null || same.Any(write => write is UnreadMark));
        var raised = changes[false]
            .Select(same => (ReadMark)same.MaxBy(write => write.Sequence)!)
            .Where(write => write.Sequence > positions[(write.RoomId, write.UserId)].Sequence)
            .ToArray();
        var marked = changes[true].SelectMany(same => same).ToArray();
        var (stored, called) = await SaveAsync(databases, raised, marked, time.GetUtcNow().UtcDateTime, cancellationToken);
        if (called > 0)
            outbox.NotifyDeliveries();
        foreach (var mark in raised)
            stored[(mark.RoomId, mark.UserId)] = positions[(mark.RoomId, mark.UserId)] with { Sequence = mark.Sequence };
        foreach (var ((roomId, userId), position) in stored.Where(member => positions[member.Key] != member.Value))
        {
            positions[(roomId, userId)] = position;
            await layer.PublishAsync(
                RoomGroups.User(userId), new RoomRead(roomId, position.Sequence, position.UnreadFrom, position.Mark), cancellationToken);
        }

        return [.. writes.Select(write => !positions.TryGetValue((write.RoomId, write.UserId), out var position)
            ? new Outcome(RoomDirectory.NotMember(rooms.GetValueOrDefault(write.RoomId)?.Kind, RoomTexts.Get("MembersOnlyRead")))
            : IsPossible(write, rooms[write.RoomId].LastSequence)
            ? new Outcome(position)
            : new Outcome(new RefusedException(RefusalCode.NotFound, RoomTexts.Get("MessageNotFound"))))];
    }

    internal static Task SaveAsync(IDbContextFactory<ChatDbContext> databases, ReadMark[] raised, DateTime now, CancellationToken cancellationToken) =>
        SaveAsync(databases, raised, [], now, cancellationToken);

    /// <summary>Stores positions.</summary>
    /// <param name="raised">Of each member at most one change, and none of a member with a mark.</param>
    /// <param name="marked">The changes of other members, in their order.</param>
    /// <param name="now">UTC.</param>
    /// <returns>The positions of <paramref name="marked"/>, and the number of deliveries to devices that are to be withdrawn.</returns>
    private static Task<(Dictionary<(int RoomId, int UserId), ReadPosition> Stored, int Called)> SaveAsync(
        IDbContextFactory<ChatDbContext> databases, ReadMark[] raised, ReadChange[] marked, DateTime now, CancellationToken cancellationToken) =>
        raised.Length == 0 && marked.Length == 0
            ? Task.FromResult((new Dictionary<(int RoomId, int UserId), ReadPosition>(), 0))
            : databases.InTransactionAsync((db, token) => SaveAsync(db, raised, marked, now, token), cancellationToken);

    private static async Task<(Dictionary<(int RoomId, int UserId), ReadPosition> Stored, int Called)> SaveAsync(
        ChatDbContext db, ReadMark[] raised, ReadChange[] marked, DateTime now, CancellationToken cancellationToken)
    {
        var (stored, called) = (new Dictionary<(int RoomId, int UserId), ReadPosition>(), 0);
        foreach (var room in raised.Concat(marked).GroupBy(mark => mark.RoomId).OrderBy(room => room.Key))
        {
            var (roomId, readerIds) = (room.Key, room.Select(mark => mark.UserId).Distinct().Order().ToArray());
            // Writing the rows first locks them in an order that all transactions share.
            await db.Memberships
                .Where(m => m.RoomId == roomId && readerIds.Contains(m.UserId))
                .ExecuteUpdateAsync(m => m.SetProperty(membership => membership.LastReadSequence, membership => membership.LastReadSequence), cancellationToken);
            // Most readers of an active room have read up to the same message.
            foreach (var readers in raised.Where(mark => mark.RoomId == roomId).GroupBy(mark => mark.Sequence, mark => mark.UserId))
            {
                var (sequence, userIds) = (readers.Key, readers.ToArray());
                await db.Memberships
                    .Where(m => m.RoomId == roomId && userIds.Contains(m.UserId) && m.LastReadSequence < sequence)
                    .ExecuteUpdateAsync(m => m.SetProperty(membership => membership.LastReadSequence, sequence), cancellationToken);
                called += await PushOutbox.ReadAsync(db, roomId, userIds, sequence, now, cancellationToken);
            }

            foreach (var changes in marked.Where(mark => mark.RoomId == roomId).GroupBy(mark => mark.UserId))
            {
                if (await SaveAsync(Member(db, roomId, changes.Key), changes, cancellationToken) is not { } position)
                    continue;
                stored[(roomId, changes.Key)] = position;
                called += await PushOutbox.ReadAsync(db, roomId, [changes.Key], position.Sequence, now, cancellationToken);
            }
        }

        return (stored, called);
    }

    /// <summary>Applies the changes of one member, whose row is locked. Null when the membership has ended.</summary>
    private static async Task<ReadPosition?> SaveAsync(
        IQueryable<Membership> member, IEnumerable<ReadChange> changes, CancellationToken cancellationToken)
    {
        var before = await member
            .Select(m => new ReadPosition(m.LastReadSequence, m.UnreadFrom, m.UnreadMarks))
            .SingleOrDefaultAsync(cancellationToken);
        if (before is null)
            return null;
        var after = changes.Aggregate(before, (position, change) => position.Apply(change));
        var (sequence, unreadFrom, mark) = after;
        await member.ExecuteUpdateAsync(
            m => m
                .SetProperty(membership => membership.LastReadSequence, sequence)
                .SetProperty(membership => membership.UnreadFrom, unreadFrom)
                .SetProperty(membership => membership.UnreadMarks, mark),
            cancellationToken);
        return after;
    }

    private static IQueryable<Membership> Member(ChatDbContext db, int roomId, int userId) =>
        db.Memberships.Where(m => m.RoomId == roomId && m.UserId == userId);

    private static bool IsPossible(ReadChange change, long newest) => change is not UnreadMark || (change.Sequence >= 1 && change.Sequence <= newest);
}
