using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Members;

/// <param name="RoomId">Any room, also one that does not exist.</param>
internal sealed record MemberCheck(int RoomId, int UserId);

/// <summary>What a person may see of a room now.</summary>
/// <param name="IsOpen">Whether everybody may read the room.</param>
internal readonly record struct RoomRight(bool IsMember, bool IsOpen)
{
    public bool MayRead => IsMember || IsOpen;
}

/// <summary>
/// Checks whether people are members of rooms now, for connections that are about to send what only members may see. Simultaneous checks, as after an
/// event that reaches many connections, share a query.
/// </summary>
internal sealed class MemberChecks(IDbContextFactory<ChatDbContext> databases) : GroupCommit<MemberCheck, RoomRight>
{
    public async Task<bool> IsMemberAsync(ClaimsPrincipal person, int roomId, CancellationToken cancellationToken) =>
        (await FindAsync(person, roomId, cancellationToken)).IsMember;

    public Task<RoomRight> FindAsync(ClaimsPrincipal person, int roomId, CancellationToken cancellationToken) =>
        WriteAsync(new MemberCheck(roomId, person.UserId), cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<MemberCheck> writes, CancellationToken cancellationToken)
    {
        var roomIds = writes.Select(check => check.RoomId).Distinct().ToArray();
        var userIds = writes.Select(check => check.UserId).Distinct().ToArray();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var members = await db.Memberships.AsNoTracking()
            .Where(membership => roomIds.Contains(membership.RoomId) && userIds.Contains(membership.UserId))
            .Select(membership => new MemberCheck(membership.RoomId, membership.UserId))
            .ToListAsync(cancellationToken);
        var open = await db.Rooms.Where(room => roomIds.Contains(room.Id) && room.Kind == RoomKind.Open).Select(room => room.Id).ToListAsync(cancellationToken);
        var found = members.ToHashSet();
        return [.. writes.Select(check => new Outcome(new RoomRight(found.Contains(check), open.Contains(check.RoomId))))];
    }
}
