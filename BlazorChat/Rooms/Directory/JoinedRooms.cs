using System.Linq.Expressions;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Directory;

/// <summary>Reads the rooms that people are members of. Simultaneous requests, as after a restart or a gap, share a query.</summary>
internal sealed class JoinedRooms(IDbContextFactory<ChatDbContext> databases) : GroupCommit<int, IReadOnlyList<RoomView>>
{
    /// <summary>The most people in one query.</summary>
    private const int BatchSize = 64;

    /// <summary>All rooms of the person, by name, without member counts.</summary>
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
                .Select(JoinedRoom.FromMembership)
                .ToListAsync(cancellationToken);
            foreach (var joined in read.GroupBy(row => row.UserId, row => row.Room))
                rooms[joined.Key] = [.. joined];
        }

        return [.. writes.Select(userId => new Outcome(rooms.GetValueOrDefault(userId, [])))];
    }
}

/// <summary>A room of a member.</summary>
internal sealed record JoinedRoom(int UserId, RoomView Room)
{
    public static readonly Expression<Func<Membership, JoinedRoom>> FromMembership = membership => new JoinedRoom(
        membership.UserId,
        new RoomView(
            membership.RoomId,
            membership.Room!.Name,
            membership.Room.Kind,
            membership.Role,
            null,
            membership.Room.LastSequence,
            membership.LastReadSequence,
            membership.Room.NameVersion));
}
