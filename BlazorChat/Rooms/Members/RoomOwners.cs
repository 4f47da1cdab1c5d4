using System.Security.Claims;
using BlazorChat.Accounts.Audit;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Members;

/// <summary>A room without an owner, as an admin sees it.</summary>
public sealed record OwnerlessRoom(int Id, string Name, RoomKind Kind, int Members);

/// <summary>
/// Ensures that rooms have owners. Owners make other members owners; the only owner of a room chooses a new one before leaving; and admins assign
/// an owner to a room without one, even to a private room that they are not in. Every call checks the rights of its caller.
/// </summary>
internal sealed class RoomOwners(
    IDbContextFactory<ChatDbContext> databases,
    RoomDirectory rooms,
    PushOutbox outbox,
    CommandLimit commands,
    IChannelLayer layer,
    TimeProvider time)
{
    public const int PageSize = 50;

    /// <summary>Whether the person is an owner who must choose a new one before leaving.</summary>
    public async Task<bool> NeedsSuccessorAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await NeedsSuccessorAsync(db, user.UserId, roomId, cancellationToken);
    }

    /// <summary>Ends the membership; a second call changes nothing. Nobody leaves a direct room.</summary>
    /// <param name="newOwnerId">The member who becomes the owner; ignored unless the person is the only owner.</param>
    /// <exception cref="RefusedException">
    /// The only owner chose nobody, or nobody who can own the room; the room is a direct one; or too many commands.
    /// </exception>
    public async Task LeaveAsync(ClaimsPrincipal user, int roomId, int? newOwnerId, CancellationToken cancellationToken)
    {
        commands.Acquire(user);
        var userId = user.UserId;
        IReadOnlyList<EndedReminder> ended = [];
        var isTransferred = await InTransactionAsync(
            roomId,
            async (db, token) =>
            {
                // The answer to others must not reveal that the room exists.
                if (await db.Memberships.AnyAsync(m => m.RoomId == roomId && m.UserId == userId && m.Room!.Kind == RoomKind.Direct, token))
                    throw RoomDirectory.DirectUnchangeable();
                // Writing both rows first, by one statement, locks them in the order in which read marks lock them.
                await db.Memberships.Where(m => m.RoomId == roomId && (m.UserId == userId || m.UserId == newOwnerId)).ExecuteUpdateAsync(
                    m => m.SetProperty(membership => membership.Role, membership => membership.Role), token);
                var needsSuccessor = await NeedsSuccessorAsync(db, userId, roomId, token);
                if (needsSuccessor)
                    await MakeOwnerAsync(db, roomId, newOwnerId ?? throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("OnlyOwner")), token);
                await db.Memberships.Where(m => m.RoomId == roomId && m.UserId == userId).ExecuteDeleteAsync(token);
                ended = await Departure.EndAsync(db, roomId, userId, time.GetUtcNow().UtcDateTime, token);
                return needsSuccessor;
            },
            cancellationToken);
        outbox.NotifyDeliveries();
        await layer.PublishMembershipAsync(roomId, userId, isMember: false);
        await EndedReminder.PublishAsync(layer, ended);
        if (isTransferred)
            await layer.PublishMembershipAsync(roomId, newOwnerId!.Value, isMember: true);
    }

    /// <summary>Makes a member an owner, or an owner a member without the rights of one. A second call changes nothing.</summary>
    /// <param name="user">An owner of the room, or an admin who sees it.</param>
    /// <exception cref="RefusedException">
    /// This person may not manage the room; the member cannot own it, or is its last owner; there is no such member; or too many commands.
    /// </exception>
    public async Task SetOwnerAsync(ClaimsPrincipal user, int roomId, int memberId, bool isOwner, CancellationToken cancellationToken)
    {
        commands.Acquire(user);
        await rooms.GetManagedAsync(user, roomId, cancellationToken);
        await InTransactionAsync(
            roomId,
            async (db, token) =>
            {
                var changes = await db.Memberships.AnyAsync(
                    m => m.RoomId == roomId && m.UserId == memberId && (m.Role == MembershipRole.Owner) != isOwner, token);
                await (isOwner ? MakeOwnerAsync(db, roomId, memberId, token) : MakeMemberAsync(db, roomId, memberId, token));
                if (changes)
                    await AuditAsync(db, user, isOwner ? AuditAction.OwnerAdded : AuditAction.OwnerRemoved, roomId, memberId, token);
                return changes;
            },
            cancellationToken);
        await layer.PublishMembershipAsync(roomId, memberId, isMember: true);
    }

    /// <summary>A page of the rooms without an owner who can sign in, by id.</summary>
    /// <param name="afterId">The last room of the previous page; 0 for the first page.</param>
    /// <exception cref="RefusedException">Not an admin.</exception>
    public async Task<IReadOnlyList<OwnerlessRoom>> ListOwnerlessAsync(ClaimsPrincipal admin, int afterId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await CheckAdminAsync(db, admin, cancellationToken);
        return await Ownerless(db)
            .Where(room => room.Id > afterId)
            .OrderBy(room => room.Id)
            .Take(PageSize)
            .Select(room => new OwnerlessRoom(room.Id, room.Name, room.Kind, db.Memberships.Count(m => m.RoomId == room.Id)))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Members of a room without an owner who could own it, at most <see cref="PageSize"/>.</summary>
    /// <param name="search">Part of the name; empty for all.</param>
    /// <exception cref="RefusedException">Not an admin.</exception>
    public async Task<IReadOnlyList<MemberView>> FindCandidatesAsync(
        ClaimsPrincipal admin, int roomId, string search, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await CheckAdminAsync(db, admin, cancellationToken);
        var ownerless = Ownerless(db);
        return await FindAsync(Candidates(db, roomId).Where(m => ownerless.Any(room => room.Id == roomId)), search, cancellationToken);
    }

    /// <summary>Members who could own a room when its owner leaves, at most <see cref="PageSize"/>.</summary>
    /// <param name="search">Part of the name; empty for all.</param>
    /// <exception cref="RefusedException">Not the owner.</exception>
    public async Task<IReadOnlyList<MemberView>> FindSuccessorsAsync(
        ClaimsPrincipal owner, int roomId, string search, CancellationToken cancellationToken)
    {
        var ownerId = owner.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await Owners(db, roomId).AnyAsync(m => m.UserId == ownerId, cancellationToken))
            throw new RefusedException(RefusalCode.Forbidden, RoomTexts.Get("NotOwner"));
        return await FindAsync(Candidates(db, roomId).Where(m => m.UserId != ownerId), search, cancellationToken);
    }

    /// <summary>Assigns one of its members to a room without an owner, or the admin, who becomes a member.</summary>
    /// <exception cref="RefusedException">Not an admin; the room has an owner; or this person cannot own it.</exception>
    public async Task AssignAsync(ClaimsPrincipal admin, int roomId, int ownerId, CancellationToken cancellationToken)
    {
        commands.Acquire(admin);
        await InTransactionAsync(
            roomId,
            async (db, token) =>
            {
                await CheckAdminAsync(db, admin, token);
                var room = await Ownerless(db).AsNoTracking().SingleOrDefaultAsync(r => r.Id == roomId, token)
                    ?? throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("RoomHasOwner"));
                if (ownerId == admin.UserId && !await db.Memberships.AnyAsync(m => m.RoomId == roomId && m.UserId == ownerId, token))
                {
                    db.Add(new Membership
                    {
                        RoomId = roomId,
                        UserId = ownerId,
                        Role = MembershipRole.Owner,
                        LastReadSequence = room.LastSequence,
                        JoinedAt = time.GetUtcNow().UtcDateTime,
                    });
                }
                else
                {
                    await MakeOwnerAsync(db, roomId, ownerId, token);
                }

                await AuditAsync(db, admin, AuditAction.RoomOwnerAssigned, roomId, ownerId, token);
                return true;
            },
            cancellationToken);
        await layer.PublishMembershipAsync(roomId, ownerId, isMember: true);
    }

    private async Task AuditAsync(ChatDbContext db, ClaimsPrincipal actor, AuditAction action, int roomId, int memberId, CancellationToken cancellationToken)
    {
        var room = await db.Rooms.AsNoTracking().SingleAsync(r => r.Id == roomId, cancellationToken);
        var member = await db.Users.Where(user => user.Id == memberId).Select(user => user.DisplayName).SingleAsync(cancellationToken);
        await db.AuditAsync(actor, action, $"{LockedRoom.AuditName(room)} · {member}", time.GetUtcNow().UtcDateTime, cancellationToken);
    }

    private static async Task<bool> NeedsSuccessorAsync(ChatDbContext db, int userId, int roomId, CancellationToken cancellationToken) =>
        await db.Memberships.AnyAsync(m => m.RoomId == roomId && m.UserId == userId && m.Role == MembershipRole.Owner, cancellationToken)
        && !await Owners(db, roomId).AnyAsync(m => m.UserId != userId, cancellationToken)
        && await Candidates(db, roomId).AnyAsync(m => m.UserId != userId, cancellationToken);

    private static async Task<int> MakeOwnerAsync(ChatDbContext db, int roomId, int userId, CancellationToken cancellationToken)
    {
        var changed = await Candidates(db, roomId)
            .Where(m => m.UserId == userId)
            .ExecuteUpdateAsync(m => m.SetProperty(membership => membership.Role, MembershipRole.Owner), cancellationToken);
        return changed > 0 ? changed : throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("OwnerUnsuitable"));
    }

    private static async Task<int> MakeMemberAsync(ChatDbContext db, int roomId, int userId, CancellationToken cancellationToken)
    {
        if (!await Owners(db, roomId).AnyAsync(m => m.UserId != userId, cancellationToken))
            throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("LastOwner"));
        var changed = await db.Memberships
            .Where(m => m.RoomId == roomId && m.UserId == userId)
            .ExecuteUpdateAsync(m => m.SetProperty(membership => membership.Role, MembershipRole.Member), cancellationToken);
        return changed > 0 ? changed : throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("PersonNotFound"));
    }

    private static async Task<IReadOnlyList<MemberView>> FindAsync(
        IQueryable<Membership> candidates, string search, CancellationToken cancellationToken)
    {
        var part = NameForms.SearchOf(search);
        return await candidates
            .Where(m => m.User!.SearchName.Contains(part))
            .OrderBy(m => m.User!.SearchName)
            .ThenBy(m => m.UserId)
            .Take(PageSize)
            .Select(RoomMembers.View)
            .ToListAsync(cancellationToken);
    }

    private static IQueryable<Membership> Owners(ChatDbContext db, int roomId) =>
        db.Memberships.Where(m => m.RoomId == roomId && m.Role == MembershipRole.Owner && m.User!.BannedAt == null);

    private static IQueryable<Membership> Candidates(ChatDbContext db, int roomId) =>
        db.Memberships.Where(m => m.RoomId == roomId && m.User!.BannedAt == null && !m.User.IsBot);

    private static IQueryable<Room> Ownerless(ChatDbContext db) => db.Rooms.Where(room =>
        room.Kind != RoomKind.Direct && !db.RoomDeletions.Any(deletion => deletion.RoomId == room.Id)
        && !db.Memberships.Any(m => m.RoomId == room.Id && m.Role == MembershipRole.Owner && m.User!.BannedAt == null));

    private static async Task CheckAdminAsync(ChatDbContext db, ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        if (!await db.IsAdminAsync(person, cancellationToken))
            throw new RefusedException(RefusalCode.Forbidden, AdminRights.Refusal);
    }

    private Task<T> InTransactionAsync<T>(int roomId, Func<ChatDbContext, CancellationToken, Task<T>> change, CancellationToken cancellationToken) =>
        databases.InTransactionAsync(
            async (db, token) =>
            {
                // Writing the room first locks it: of two owners who leave at once, the second one finds no other.
                await db.Rooms.Where(room => room.Id == roomId).ExecuteUpdateAsync(
                    room => room.SetProperty(r => r.LastRevision, r => r.LastRevision), token);
                return await change(db, token);
            },
            cancellationToken);
}
