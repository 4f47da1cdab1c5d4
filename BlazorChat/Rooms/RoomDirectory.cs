using System.Security.Claims;
using BlazorChat.Accounts;
using BlazorChat.Channels;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms;

/// <summary>Which rooms there are, who is in them, and the commands on rooms themselves. Every call is checked for its caller.</summary>
internal sealed class RoomDirectory(IDbContextFactory<ChatDbContext> databases, IChannelLayer layer, TimeProvider time)
{
    /// <summary>The most rooms a list shows; a place with more is searched.</summary>
    public const int MaxListed = 500;

    /// <summary>The rooms the person is a member of, by name.</summary>
    public async Task<IReadOnlyList<RoomView>> ListJoinedAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var userId = user.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var joined = db.Rooms.AsNoTracking().Where(room => db.Memberships.Any(m => m.RoomId == room.Id && m.UserId == userId));
        return await Views(db, joined.OrderBy(room => room.NormalizedName).Take(MaxListed), userId).ToListAsync(cancellationToken);
    }

    /// <summary>Every room the person may see, by name: the open ones and those they are a member of.</summary>
    public async Task<IReadOnlyList<RoomView>> ListVisibleAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var userId = user.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var visible = Visible(db, userId).OrderBy(room => room.NormalizedName).Take(MaxListed);
        return await Views(db, visible, userId).ToListAsync(cancellationToken);
    }

    /// <summary>The room, or null when there is none that this person may see.</summary>
    public async Task<RoomView?> FindAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        var userId = user.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Views(db, Visible(db, userId).Where(room => room.Id == roomId), userId).SingleOrDefaultAsync(cancellationToken);
    }

    /// <inheritdoc cref="CreateAsync(ClaimsPrincipal, string, RoomKind, CancellationToken)"/>
    public Task<RoomView> CreateAsync(ClaimsPrincipal user, string name, CancellationToken cancellationToken) =>
        CreateAsync(user, name, RoomKind.Open, cancellationToken);

    /// <summary>Creates a room with the person as its owner.</summary>
    /// <exception cref="RefusedException">The name is empty, too long or taken.</exception>
    public async Task<RoomView> CreateAsync(ClaimsPrincipal user, string name, RoomKind kind, CancellationToken cancellationToken)
    {
        var userId = user.UserId;
        var clean = RoomName.Clean(name);
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var room = new Room { Name = clean, NormalizedName = Room.Normalize(clean), Kind = kind, CreatedAt = now };
        db.Add(room);
        db.Add(new Membership { Room = room, UserId = userId, Role = MembershipRole.Owner, JoinedAt = now });
        await SaveNameAsync(db, room, cancellationToken);

        if (kind == RoomKind.Open)
            await layer.PublishAsync(RoomGroups.All, new RoomChanged(room.Id, room.Name), cancellationToken);
        await layer.PublishAsync(RoomGroups.User(userId), new MembershipChanged(room.Id, userId, true), cancellationToken);
        return new RoomView(room.Id, room.Name, room.Kind, MembershipRole.Owner, Members: 1, LastSequence: 0, LastReadSequence: 0);
    }

    /// <exception cref="RefusedException">Not the owner or an admin; or the name is empty, too long or taken.</exception>
    public async Task RenameAsync(ClaimsPrincipal user, int roomId, string name, CancellationToken cancellationToken)
    {
        var clean = RoomName.Clean(name);
        var view = await FindAsync(user, roomId, cancellationToken) ?? throw NotFound();
        if (!MayRename(user, view))
            throw new RefusedException(RefusalCode.Forbidden, "Only the room's owner or an admin can rename it.");

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var room = await db.Rooms.SingleOrDefaultAsync(r => r.Id == roomId, cancellationToken) ?? throw NotFound();
        room.Name = clean;
        room.NormalizedName = Room.Normalize(clean);
        await SaveNameAsync(db, room, cancellationToken);

        var changed = new RoomChanged(roomId, clean);
        // The name of a private room is for its members only.
        await layer.PublishAsync(view.Kind == RoomKind.Open ? RoomGroups.All : RoomGroups.Room(roomId), changed, cancellationToken);
    }

    public static bool MayRename(ClaimsPrincipal user, RoomView room) => room.Role == MembershipRole.Owner || user.IsAdmin;

    /// <summary>Makes the person a member; joining twice is joining once.</summary>
    /// <exception cref="RefusedException">There is no open room with this id.</exception>
    public async Task JoinAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        var room = await FindAsync(user, roomId, cancellationToken) ?? throw NotFound();
        if (!room.IsMember)
            await AddMemberAsync(room, user.UserId, cancellationToken);
    }

    /// <summary>Makes somebody a member, for whom the room begins with what comes now; who is one already stays one.</summary>
    internal async Task AddMemberAsync(RoomView room, int userId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Add(new Membership
        {
            RoomId = room.Id,
            UserId = userId,
            LastReadSequence = room.LastSequence,
            JoinedAt = time.GetUtcNow().UtcDateTime,
        });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // Somebody else, or another tab of the same person, was first.
            if (!await db.Memberships.AnyAsync(m => m.RoomId == room.Id && m.UserId == userId, cancellationToken))
                throw;
        }

        await layer.PublishAsync(RoomGroups.User(userId), new MembershipChanged(room.Id, userId, true), cancellationToken);
    }

    /// <summary>Ends the membership; leaving twice is leaving once.</summary>
    public async Task LeaveAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        var userId = user.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Memberships
            .Where(membership => membership.RoomId == roomId && membership.UserId == userId)
            .ExecuteDeleteAsync(cancellationToken);
        await layer.PublishAsync(RoomGroups.Access, new RoomAccessChanged(roomId), cancellationToken);
        await layer.PublishAsync(RoomGroups.User(userId), new MembershipChanged(roomId, userId, false), cancellationToken);
    }

    /// <summary>Why somebody who is not a member may not do something, as far as they may know of the room.</summary>
    /// <param name="kind">Null when there is no such room.</param>
    internal static RefusedException NotMember(RoomKind? kind, string reason) =>
        kind == RoomKind.Open ? new RefusedException(RefusalCode.Forbidden, reason) : NotFound();

    internal static RefusedException NotFound() => new(RefusalCode.NotFound, "There is no such room.");

    private static IQueryable<Room> Visible(ChatDbContext db, int userId) =>
        db.Rooms.AsNoTracking().Where(room =>
            room.Kind == RoomKind.Open || db.Memberships.Any(m => m.RoomId == room.Id && m.UserId == userId));

    private static IQueryable<RoomView> Views(ChatDbContext db, IQueryable<Room> rooms, int userId) =>
        rooms.Select(room => new RoomView(
            room.Id,
            room.Name,
            room.Kind,
            db.Memberships
                .Where(m => m.RoomId == room.Id && m.UserId == userId)
                .Select(m => (MembershipRole?)m.Role)
                .SingleOrDefault(),
            db.Memberships.Count(m => m.RoomId == room.Id),
            room.LastSequence,
            db.Memberships
                .Where(m => m.RoomId == room.Id && m.UserId == userId)
                .Select(m => (long?)m.LastReadSequence)
                .SingleOrDefault()));

    private static async Task SaveNameAsync(ChatDbContext db, Room room, CancellationToken cancellationToken)
    {
        if (await IsTakenAsync(db, room, cancellationToken))
            throw Taken(room);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // Between two people at once the unique index decides; the question here only names the reason.
            db.ChangeTracker.Clear();
            if (!await IsTakenAsync(db, room, cancellationToken))
                throw;
            throw Taken(room);
        }
    }

    private static Task<bool> IsTakenAsync(ChatDbContext db, Room room, CancellationToken cancellationToken)
    {
        var (id, normalized) = (room.Id, room.NormalizedName);
        return db.Rooms.AnyAsync(other => other.NormalizedName == normalized && other.Id != id, cancellationToken);
    }

    private static RefusedException Taken(Room room) =>
        new(RefusalCode.Conflict, $"There is a room called “{room.Name}” already.");
}
