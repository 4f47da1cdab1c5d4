using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Directory;

/// <summary>
/// Which rooms there are, who is in them, and the commands on rooms themselves. Every call is checked for its caller, and every command
/// counts against <see cref="CommandLimit"/>. A caller may end the wait for a command, but what was committed is always published.
/// </summary>
internal sealed class RoomDirectory(
    IDbContextFactory<ChatDbContext> databases,
    JoinedRooms joined,
    VisibleRooms visibleRooms,
    AdminRights rights,
    CommandLimit commands,
    IOptions<RoomOptions> options,
    IChannelLayer layer,
    TimeProvider time)
{
    /// <summary>Rooms on one page of the list.</summary>
    public const int PageSize = 50;

    /// <summary>All rooms the person is a member of, by name, without the number of their members.</summary>
    public Task<IReadOnlyList<RoomView>> ListJoinedAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        joined.ReadAsync(user.UserId, cancellationToken);

    /// <inheritdoc cref="ListVisibleAsync(ClaimsPrincipal, string, RoomView?, CancellationToken)"/>
    public Task<IReadOnlyList<RoomView>> ListVisibleAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        ListVisibleAsync(user, "", after: null, cancellationToken);

    /// <summary>
    /// A page of the rooms the person may see, by name: the open ones and those they are a member of. It has
    /// <see cref="PageSize"/> rooms unless it is the last one.
    /// </summary>
    /// <param name="search">Part of the name, without regard to case and marks; empty for every room.</param>
    /// <param name="after">The last room of the page before; null for the first page.</param>
    public async Task<IReadOnlyList<RoomView>> ListVisibleAsync(
        ClaimsPrincipal user, string search, RoomView? after, CancellationToken cancellationToken)
    {
        var userId = user.UserId;
        var part = NameForms.SearchOf(search);
        if (part.Length == 0 && after is null)
            return await visibleRooms.ReadFirstPageAsync(userId, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var visible = Visible(db, userId);
        if (part.Length > 0)
            visible = visible.Where(room => room.SearchName.Contains(part));
        if (after is not null)
        {
            var (name, id) = (Room.Normalize(after.Name), after.Id);
            visible = visible.Where(room =>
                room.NormalizedName.CompareTo(name) > 0 || (room.NormalizedName == name && room.Id > id));
        }

        var page = visible.OrderBy(room => room.NormalizedName).ThenBy(room => room.Id).Take(PageSize);
        return await VisibleRooms.CountMembersAsync(db, await Views(db, page, userId).ToListAsync(cancellationToken), cancellationToken);
    }

    /// <summary>The room with the number of its members, as lists show it; null when there is none that this person may see.</summary>
    public async Task<RoomView?> FindListedAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, roomId, cancellationToken) is not { } room)
            return null;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return (await VisibleRooms.CountMembersAsync(db, [room], cancellationToken))[0];
    }

    /// <summary>The room, or null when there is none that this person may see. Its members are not counted.</summary>
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
    /// <exception cref="RefusedException">
    /// The name is empty or too long; an open room has the same or a similar one; there are too many rooms, or too many commands.
    /// </exception>
    public async Task<RoomView> CreateAsync(ClaimsPrincipal user, string name, RoomKind kind, CancellationToken cancellationToken)
    {
        commands.Take(user);
        var userId = user.UserId;
        var clean = RoomName.Clean(name);
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await CheckNumbersAsync(db, userId, cancellationToken);
        var room = new Room { Name = clean, NormalizedName = Room.Normalize(clean), Kind = kind, CreatedAt = now };
        db.Add(room);
        db.Add(new Membership { Room = room, UserId = userId, Role = MembershipRole.Owner, JoinedAt = now });
        await SaveNameAsync(
            async () =>
            {
                await CheckNameAsync(db, room, cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
                return room;
            },
            cancellationToken);

        if (kind == RoomKind.Open)
            await layer.PublishAsync(RoomGroups.All, RoomChanged.Of(room), CancellationToken.None);
        await layer.PublishAsync(RoomGroups.User(userId), new MembershipChanged(room.Id, userId, true), CancellationToken.None);
        return new RoomView(room.Id, room.Name, room.Kind, MembershipRole.Owner, Members: 1, LastSequence: 0, LastReadSequence: 0);
    }

    /// <exception cref="RefusedException">
    /// Not the owner or an admin; the name is empty or too long; an open room has the same or a similar one; or too many commands.
    /// </exception>
    public async Task RenameAsync(ClaimsPrincipal user, int roomId, string name, CancellationToken cancellationToken)
    {
        commands.Take(user);
        var clean = RoomName.Clean(name);
        var view = await FindAsync(user, roomId, cancellationToken) ?? throw NotFound();
        if (!await MayRenameAsync(user, view, cancellationToken))
            throw new RefusedException(RefusalCode.Forbidden, "Only the room's owner or an admin can rename it.");

        Task<Room> NameAsync() => databases.InTransactionAsync(
            async (db, token) =>
            {
                // Writing the room first locks it: of two names that are given at once, each has a number of its own.
                await db.Rooms.Where(r => r.Id == roomId).ExecuteUpdateAsync(
                    r => r.SetProperty(named => named.NameVersion, named => named.NameVersion + 1), token);
                var room = await db.Rooms.SingleOrDefaultAsync(r => r.Id == roomId, token) ?? throw NotFound();
                room.Name = clean;
                room.NormalizedName = Room.Normalize(clean);
                await CheckNameAsync(db, room, token);
                return room;
            },
            cancellationToken);
        await PublishNameAsync(await SaveNameAsync(NameAsync, cancellationToken));
    }

    public async ValueTask<bool> MayRenameAsync(ClaimsPrincipal user, RoomView room, CancellationToken cancellationToken) =>
        room.Role == MembershipRole.Owner || await rights.IsAdminAsync(user, cancellationToken);

    /// <summary>Makes the person a member; joining twice is joining once.</summary>
    /// <exception cref="RefusedException">There is no open room with this id; the person is in too many; or too many commands.</exception>
    public async Task JoinAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        commands.Take(user);
        var room = await FindAsync(user, roomId, cancellationToken) ?? throw NotFound();
        if (!room.IsMember)
            await AddMemberAsync(room, user.UserId, $"You're in {options.Value.MaxJoined} rooms, the most there can be. Leave one first.", cancellationToken);
    }

    /// <summary>Makes somebody a member, for whom the room begins with what comes now; who is one already stays one.</summary>
    /// <param name="tooMany">Why it is refused when that person is in too many rooms.</param>
    internal async Task AddMemberAsync(RoomView room, int userId, string tooMany, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Memberships.CountAsync(m => m.UserId == userId, cancellationToken) >= options.Value.MaxJoined)
            throw new RefusedException(RefusalCode.Conflict, tooMany);
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

        await layer.PublishAsync(RoomGroups.User(userId), new MembershipChanged(room.Id, userId, true), CancellationToken.None);
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
            null,
            room.LastSequence,
            db.Memberships
                .Where(m => m.RoomId == room.Id && m.UserId == userId)
                .Select(m => (long?)m.LastReadSequence)
                .SingleOrDefault(),
            room.NameVersion));

    private async Task CheckNumbersAsync(ChatDbContext db, int userId, CancellationToken cancellationToken)
    {
        var limits = options.Value;
        if (await db.Rooms.CountAsync(cancellationToken) >= limits.MaxRooms)
            throw new RefusedException(RefusalCode.Conflict, $"There are {limits.MaxRooms} rooms, the most there can be.");
        if (await db.Memberships.CountAsync(m => m.UserId == userId && m.Role == MembershipRole.Owner, cancellationToken) >= limits.MaxOwned)
            throw new RefusedException(RefusalCode.Conflict, $"You own {limits.MaxOwned} rooms, the most one person can. Make someone else the owner of one first.");
        if (await db.Memberships.CountAsync(m => m.UserId == userId, cancellationToken) >= limits.MaxJoined)
            throw new RefusedException(RefusalCode.Conflict, $"You're in {limits.MaxJoined} rooms, the most there can be. Leave one first.");
    }

    private async Task PublishNameAsync(Room room)
    {
        var changed = RoomChanged.Of(room);
        if (room.Kind == RoomKind.Open)
        {
            await layer.PublishAsync(RoomGroups.All, changed, CancellationToken.None);
            return;
        }

        // The name of a private room is for its members only.
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        var members = await db.Memberships.Where(m => m.RoomId == room.Id).Select(m => m.UserId).ToListAsync(CancellationToken.None);
        foreach (var userId in members)
            await layer.PublishAsync(RoomGroups.User(userId), changed, CancellationToken.None);
    }

    /// <summary>Checks and saves a name, again when somebody else was faster: between two people at once the unique indexes decide.</summary>
    private static async Task<Room> SaveNameAsync(Func<Task<Room>> save, CancellationToken cancellationToken)
    {
        try
        {
            return await save();
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // The check finds the name this time.
            return await save();
        }
    }

    /// <summary>Only names that everybody sees can be taken: any other answer would tell of a private room.</summary>
    private static async Task CheckNameAsync(ChatDbContext db, Room room, CancellationToken cancellationToken)
    {
        if (room.Kind != RoomKind.Open)
            return;
        var (id, key, shape) = (room.Id, room.NameKey, room.NameShape);
        if (await db.Rooms.AnyAsync(
            other => other.Kind == RoomKind.Open && other.Id != id && (other.NameKey == key || other.NameShape == shape), cancellationToken))
            throw new RefusedException(RefusalCode.Conflict, $"There is a room called “{room.Name}”, or one that looks the same.");
    }
}
