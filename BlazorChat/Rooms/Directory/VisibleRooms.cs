using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Directory;

/// <summary>
/// Reads the first page of the rooms that people may see and that are not archived. Simultaneous requests, as after a restart or a gap, share a
/// few queries.
/// </summary>
internal sealed class VisibleRooms(IDbContextFactory<ChatDbContext> databases) : GroupCommit<int, IReadOnlyList<RoomView>>
{
    /// <summary>The most people or rooms in one query.</summary>
    private const int BatchSize = 64;

    /// <summary>
    /// The first <see cref="RoomDirectory.PageSize"/> of the open rooms and the private ones that the person is a member of, by name.
    /// </summary>
    public Task<IReadOnlyList<RoomView>> ReadFirstPageAsync(int userId, CancellationToken cancellationToken) => WriteAsync(userId, cancellationToken);

    /// <summary>The rooms with their member counts.</summary>
    public static async Task<IReadOnlyList<RoomView>> CountMembersAsync(
        ChatDbContext db, IReadOnlyList<RoomView> rooms, CancellationToken cancellationToken)
    {
        var counts = await CountAsync(db, rooms, cancellationToken);
        return WithCounts(rooms, counts);
    }

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<int> writes, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var open = await db.Rooms.AsNoTracking()
            // The first condition is that of the index.
            .Where(room => room.Kind != RoomKind.Direct && room.Kind == RoomKind.Open && room.ArchivedAt == null)
            .OrderBy(room => room.NormalizedName)
            .ThenBy(room => room.Id)
            .Take(RoomDirectory.PageSize)
            .Select(room => new RoomView(room.Id, room.Name, room.Kind, null, null, room.LastSequence, null, room.Version)
            {
                Topic = room.Topic,
                Description = room.Description,
                OnlyOwnersMentionRoom = room.OnlyOwnersMentionRoom,
            })
            .ToListAsync(cancellationToken);
        var pages = new Dictionary<int, IReadOnlyList<RoomView>>();
        foreach (var userIds in writes.Distinct().Chunk(BatchSize))
        {
            var joined = await ReadJoinedAsync(db, userIds, open, cancellationToken);
            foreach (var userId in userIds)
                pages[userId] = [.. RoomView.InOrder(joined[userId].UnionBy(open, room => room.Id)).Take(RoomDirectory.PageSize)];
        }

        var counts = await CountAsync(db, pages.Values.SelectMany(page => page), cancellationToken);
        return [.. writes.Select(userId => new Outcome(WithCounts(pages[userId], counts)))];
    }

    private static RoomView[] WithCounts(IReadOnlyList<RoomView> rooms, Dictionary<int, int> counts) =>
        [.. rooms.Select(room => room with { Members = counts.GetValueOrDefault(room.Id) })];

    /// <summary>Reads the private rooms of these people, and those of the open rooms that they are members of.</summary>
    private static async Task<ILookup<int, RoomView>> ReadJoinedAsync(
        ChatDbContext db, int[] userIds, IReadOnlyList<RoomView> open, CancellationToken cancellationToken)
    {
        var openIds = open.Select(room => room.Id).ToArray();
        var joined = await db.Memberships.AsNoTracking()
            .Where(m => userIds.Contains(m.UserId) && m.Room!.ArchivedAt == null && (m.Room.Kind == RoomKind.Private || openIds.Contains(m.RoomId)))
            .Select(JoinedRoom.WithTexts)
            .ToListAsync(cancellationToken);
        var levels = await DefaultLevel.ReadAsync(db, userIds, cancellationToken);
        return joined.ToLookup(row => row.UserId, row => row.Room.Apply(levels.GetValueOrDefault(row.UserId)));
    }

    private static async Task<Dictionary<int, int>> CountAsync(
        ChatDbContext db, IEnumerable<RoomView> rooms, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<int, int>();
        foreach (var roomIds in rooms.Select(room => room.Id).Distinct().Chunk(BatchSize))
        {
            var counted = await db.Memberships
                .Where(m => roomIds.Contains(m.RoomId))
                .GroupBy(m => m.RoomId)
                .Select(members => new { RoomId = members.Key, Count = members.Count() })
                .ToListAsync(cancellationToken);
            foreach (var room in counted)
                counts[room.RoomId] = room.Count;
        }

        return counts;
    }
}
