using BlazorChat.Common;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Directory;

/// <summary>
/// Reads the rooms that people are members of: what many ask for at once, as after a restart or a gap, is read by one query.
/// </summary>
internal sealed class JoinedRooms(IDbContextFactory<ChatDbContext> databases) : GroupCommit<int, IReadOnlyList<RoomView>>
{
    /// <summary>People whom one query names at most.</summary>
    private const int BatchSize = 64;

    /// <summary>All rooms of the person, by name, without the number of their members.</summary>
    public Task<IReadOnlyList<RoomView>> ReadAsync(int userId, CancellationToken cancellationToken) => WriteAsync(userId, cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<int> writes, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rooms = new Dictionary<int, IReadOnlyList<RoomView>>();
        foreach (var userIds in writes.Distinct().Chunk(BatchSize))
        {
            var read = await db.Memberships.AsNoTracking()
                .Where(membership => userIds.Contains(membership.UserId))
                .OrderBy(membership => membership.Room!.NormalizedName)
                .ThenBy(membership => membership.RoomId)
                .Select(membership => new
                {
                    membership.UserId,
                    Room = new RoomView(
                        membership.RoomId,
                        membership.Room!.Name,
                        membership.Room.Kind,
                        membership.Role,
                        null,
                        membership.Room.LastSequence,
                        membership.LastReadSequence,
                        membership.Room.NameVersion),
                })
                .ToListAsync(cancellationToken);
            foreach (var joined in read.GroupBy(row => row.UserId, row => row.Room))
                rooms[joined.Key] = [.. joined];
        }

        return [.. writes.Select(userId => new Outcome(rooms.GetValueOrDefault(userId, [])))];
    }
}
