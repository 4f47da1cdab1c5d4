using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Directory;

/// <summary>
/// Reads, creates, renames and joins rooms. Every call checks the rights of its caller, and every command counts against
/// <see cref="CommandLimit"/>. A caller can cancel the wait for a command; a committed change is published all the same.
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

    /// <summary>All rooms of the person, by name, without member counts.</summary>
    public Task<IReadOnlyList<RoomView>> ListJoinedAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        joined.ReadAsync(user.UserId, cancellationToken);

    /// <summary>
    /// A page of the rooms that the person may see, by name: open rooms and rooms of the person. Only the last page has fewer than
    /// <see cref="PageSize"/> rooms.
    /// </summary>
    /// <param name="search">Part of the name, without regard to case and diacritics; empty for every room.</param>
    /// <param name="after">The last room of the previous page; null for the first page.</param>
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

    /// <summary>The room with its member count, as lists show it; null when there is none that this person may see.</summary>
    public async Task<RoomView?> FindListedAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, roomId, cancellationToken) is not { } room)
            return null;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return (await VisibleRooms.CountMembersAsync(db, [room], cancellationToken))[0];
    }

    /// <summary>The room without its member count; null when there is none that this person may see.</summary>
    public async Task<RoomView?> FindAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        var userId = user.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Views(db, Visible(db, userId).Where(room => room.Id == roomId), userId).SingleOrDefaultAsync(cancellationToken);
    }

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
        await layer.PublishMembershipAsync(room.Id, userId, isMember: true);
        return new RoomView(room.Id, room.Name, room.Kind, MembershipRole.Owner, Members: 1, LastSequence: 0, LastReadSequence: 0);
    }

    /// <exception cref="RefusedException">
    /// Not the owner or an admin; the name is empty or too long; an open room has the same or a similar one; or too many commands.
    /// </exception>
    public async Task RenameAsync(ClaimsPrincipal user, int roomId, string name, CancellationToken cancellationToken)
    {
        commands.Take(user);
        var clean = RoomName.Clean(name);
        await GetManagedAsync(user, roomId, cancellationToken);

        Task<Room> NameAsync() => databases.InTransactionAsync(
            async (db, token) =>
            {
                // Writing the room first locks it, so that two simultaneous renames get different versions.
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

    /// <summary>Whether a person may rename the room and add or remove members: its owner, and an admin who sees it.</summary>
    public async ValueTask<bool> MayManageAsync(ClaimsPrincipal user, RoomView room, CancellationToken cancellationToken) =>
        room.Role == MembershipRole.Owner || await rights.IsAdminAsync(user, cancellationToken);

    /// <exception cref="RefusedException">There is no room that this person may see.</exception>
    internal async Task<RoomView> GetAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken) =>
        await FindAsync(user, roomId, cancellationToken) ?? throw NotFound();

    /// <exception cref="RefusedException">There is no room that this person may see, or they may not manage it.</exception>
    internal async Task<RoomView> GetManagedAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        var room = await GetAsync(user, roomId, cancellationToken);
        return await MayManageAsync(user, room, cancellationToken)
            ? room
            : throw new RefusedException(RefusalCode.Forbidden, RoomTexts.Get("ManageForbidden"));
    }

    /// <summary>Makes the person a member; a second call changes nothing.</summary>
    /// <exception cref="RefusedException">There is no open room with this id; the person is in too many; or too many commands.</exception>
    public async Task JoinAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        commands.Take(user);
        var room = await GetAsync(user, roomId, cancellationToken);
        if (!room.IsMember)
            await AddMemberAsync(room, user.UserId, JoinedRoomsFull(), cancellationToken);
    }

    /// <summary>Makes a person a member, with all messages of the room marked as read. It changes nothing for a member.</summary>
    /// <param name="tooMany">The reason of the refusal when that person is in too many rooms.</param>
    internal async Task AddMemberAsync(RoomView room, int userId, LocalText tooMany, CancellationToken cancellationToken)
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
            // Another request may have added the same person.
            if (!await db.Memberships.AnyAsync(m => m.RoomId == room.Id && m.UserId == userId, cancellationToken))
                throw;
        }

        await layer.PublishMembershipAsync(room.Id, userId, isMember: true);
    }

    /// <summary>The refusal for a person who is not a member. It does not reveal that a private room exists.</summary>
    /// <param name="kind">Null when there is no such room.</param>
    internal static RefusedException NotMember(RoomKind? kind, LocalText? reason = null) =>
        kind == RoomKind.Open ? new RefusedException(RefusalCode.Forbidden, reason ?? RoomTexts.Get("MembersOnlyWrite")) : NotFound();

    internal static RefusedException NotFound() => new(RefusalCode.NotFound, RoomTexts.Get("RoomNotFound"));

    internal static IQueryable<Room> Visible(ChatDbContext db, int userId) =>
        db.Rooms.AsNoTracking().Where(room =>
            room.Kind == RoomKind.Open || db.Memberships.Any(m => m.RoomId == room.Id && m.UserId == userId));

    private LocalText JoinedRoomsFull() => RoomTexts.Get("JoinedRoomsFull", options.Value.MaxJoined);

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
            throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("RoomsFull", limits.MaxRooms));
        if (await db.Memberships.CountAsync(m => m.UserId == userId && m.Role == MembershipRole.Owner, cancellationToken) >= limits.MaxOwned)
            throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("OwnedRoomsFull", limits.MaxOwned));
        if (await db.Memberships.CountAsync(m => m.UserId == userId, cancellationToken) >= limits.MaxJoined)
            throw new RefusedException(RefusalCode.Conflict, JoinedRoomsFull());
    }

    private async Task PublishNameAsync(Room room)
    {
        var changed = RoomChanged.Of(room);
        if (room.Kind == RoomKind.Open)
        {
            await layer.PublishAsync(RoomGroups.All, changed, CancellationToken.None);
            return;
        }

        // Only members may read the name of a private room.
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        var members = await db.Memberships.Where(m => m.RoomId == room.Id).Select(m => m.UserId).ToListAsync(CancellationToken.None);
        foreach (var userId in members)
            await layer.PublishAsync(RoomGroups.User(userId), changed, CancellationToken.None);
    }

    /// <summary>Checks and saves a name. When another request has taken it, the unique index refuses the row and the second check finds the name.</summary>
    private static async Task<Room> SaveNameAsync(Func<Task<Room>> save, CancellationToken cancellationToken)
    {
        try
        {
            return await save();
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            return await save();
        }
    }

    /// <summary>Compares names of open rooms only: a refusal must not reveal a private room.</summary>
    private static async Task CheckNameAsync(ChatDbContext db, Room room, CancellationToken cancellationToken)
    {
        if (room.Kind != RoomKind.Open)
            return;
        var (id, key, shape) = (room.Id, room.NameKey, room.NameShape);
        if (await db.Rooms.AnyAsync(
            other => other.Kind == RoomKind.Open && other.Id != id && (other.NameKey == key || other.NameShape == shape), cancellationToken))
            throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("NameTaken", room.Name));
    }
}
