using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Direct;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Directory;

/// <summary>
/// Reads, creates and joins rooms. Every call checks the rights of its caller, and every command counts against <see cref="CommandLimit"/>. A
/// caller can cancel the wait for a command; a committed change is published all the same.
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

    /// <summary>
    /// All rooms of the person that are not archived, by name, without texts and member counts. Direct rooms are among them when they have a
    /// message.
    /// </summary>
    public async Task<IReadOnlyList<RoomView>> ListJoinedAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        (await ReadJoinedAsync(user, cancellationToken)).Rooms;

    /// <summary>The same rooms, and how the person wants to be notified.</summary>
    public Task<JoinedList> ReadJoinedAsync(ClaimsPrincipal user, CancellationToken cancellationToken) => joined.ReadAsync(user.UserId, cancellationToken);

    /// <summary>The same rooms with their topics and descriptions.</summary>
    public async Task<IReadOnlyList<RoomView>> ListDescribedAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var userId = user.UserId;
        var rooms = await ListJoinedAsync(user, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var texts = await db.Memberships
            .Where(m => m.UserId == userId && (m.Room!.Topic != "" || m.Room.Description != ""))
            .Select(m => new { m.RoomId, m.Room!.Topic, m.Room.Description })
            .ToDictionaryAsync(room => room.RoomId, cancellationToken);
        return
        [
            .. rooms.Select(room => room with
            {
                Topic = texts.GetValueOrDefault(room.Id)?.Topic ?? "",
                Description = texts.GetValueOrDefault(room.Id)?.Description ?? "",
            }),
        ];
    }

    /// <summary>
    /// A page of the rooms that the person may see, by name: open rooms and private rooms of the person. Only the last page has fewer than
    /// <see cref="PageSize"/> rooms.
    /// </summary>
    /// <param name="search">Part of the name, without regard to case and diacritics; empty for every room.</param>
    /// <param name="after">The last room of the previous page; null for the first page.</param>
    /// <param name="isArchived">Whether to list the archived rooms; false for the others.</param>
    public async Task<IReadOnlyList<RoomView>> ListVisibleAsync(
        ClaimsPrincipal user, string search, RoomView? after, bool isArchived, CancellationToken cancellationToken)
    {
        var userId = user.UserId;
        var part = NameForms.SearchOf(search);
        if (part.Length == 0 && after is null && !isArchived)
            return await visibleRooms.ReadFirstPageAsync(userId, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var visible = Visible(db, userId).Where(room => room.Kind != RoomKind.Direct && (room.ArchivedAt != null) == isArchived);
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

    /// <summary>The room with its member count, as <see cref="ListVisibleAsync"/> shows it; null when it does not.</summary>
    public async Task<RoomView?> FindListedAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, roomId, cancellationToken) is not { Kind: not RoomKind.Direct } room)
            return null;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return (await VisibleRooms.CountMembersAsync(db, [room], cancellationToken))[0];
    }

    /// <summary>The room without its member count; null when there is none that this person may see.</summary>
    public async Task<RoomView?> FindAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        var userId = user.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await Views(db, Visible(db, userId).Where(room => room.Id == roomId), userId).SingleOrDefaultAsync(cancellationToken);
        if (found is not { Kind: RoomKind.Direct })
            return found;
        var membership = db.Memberships.AsNoTracking().Where(m => m.RoomId == roomId && m.UserId == userId);
        var others = await DirectPeople.ReadOthersAsync(db, membership, cancellationToken);
        return found.Of(userId, others[(roomId, userId)]);
    }

    /// <summary>Whether a room was deleted, or never existed. Only a page that has shown the room may ask: it checks no right.</summary>
    public async Task<bool> IsDeletedAsync(int roomId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return !await Existing(db, roomId).AnyAsync(cancellationToken);
    }

    /// <summary>Creates a room with the person as its owner.</summary>
    /// <param name="kind">Open or private; <see cref="DirectRooms"/> creates direct rooms.</param>
    /// <exception cref="RefusedException">
    /// The name is empty or too long; an open room has the same or a similar one; there are too many rooms, or too many commands; or only
    /// admins create rooms.
    /// </exception>
    public async Task<RoomView> CreateAsync(ClaimsPrincipal user, string name, RoomKind kind, CancellationToken cancellationToken)
    {
        commands.Acquire(user);
        var userId = user.UserId;
        var clean = RoomName.Clean(name);
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.SiteSettings.AnyAsync(site => site.OnlyAdminsCreateRooms, cancellationToken) && !await db.IsAdminAsync(user, cancellationToken))
            throw new RefusedException(RefusalCode.Forbidden, RoomTexts.Get("OnlyAdminsCreateRooms"));
        await CheckNumbersAsync(db, userId, cancellationToken);
        var room = new Room { Name = clean, NormalizedName = Room.Normalize(clean), Kind = kind, CreatedAt = now };
        db.Add(room);
        db.Add(new Membership { Room = room, UserId = userId, Role = MembershipRole.Owner, JoinedAt = now });
        await RoomName.SaveAsync(
            async () =>
            {
                await RoomName.CheckAsync(db, room, cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
                return room;
            },
            cancellationToken);

        if (kind == RoomKind.Open)
            await layer.PublishAsync(RoomGroups.All, RoomChanged.Of(room), CancellationToken.None);
        await layer.PublishMembershipAsync(room.Id, userId, isMember: true);
        var levels = await DefaultLevel.ReadAsync(db, [userId], CancellationToken.None);
        return new RoomView(room.Id, room.Name, room.Kind, MembershipRole.Owner, Members: 1, LastSequence: 0, LastReadSequence: 0)
        {
            Topic = "",
            Description = "",
            Default = levels.GetValueOrDefault(userId),
        };
    }

    /// <summary>
    /// Whether a person may change the room's settings and its members: its owner, and an admin who sees it. Nobody may change a direct room.
    /// </summary>
    public async ValueTask<bool> MayManageAsync(ClaimsPrincipal user, RoomView room, CancellationToken cancellationToken) =>
        room.Kind != RoomKind.Direct && (room.Role == MembershipRole.Owner || await rights.IsAdminAsync(user, cancellationToken));

    /// <exception cref="RefusedException">There is no room that this person may see.</exception>
    internal async Task<RoomView> GetAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken) =>
        await FindAsync(user, roomId, cancellationToken) ?? throw NotFound();

    /// <exception cref="RefusedException">There is no room that this person may see, or they may not manage it.</exception>
    internal async Task<RoomView> GetManagedAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        var room = await GetAsync(user, roomId, cancellationToken);
        if (room.Kind == RoomKind.Direct)
            throw DirectUnchangeable();
        return await MayManageAsync(user, room, cancellationToken)
            ? room
            : throw new RefusedException(RefusalCode.Forbidden, RoomTexts.Get("ManageForbidden"));
    }

    /// <summary>Makes the person a member; a second call changes nothing.</summary>
    /// <exception cref="RefusedException">
    /// There is no open room with this id; it is archived; the person is in too many; or too many commands.
    /// </exception>
    public async Task JoinAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        commands.Acquire(user);
        var room = await GetAsync(user, roomId, cancellationToken);
        if (!room.IsMember)
            await AddMemberAsync(roomId, user.UserId, isInvited: false, JoinedRoomsFull(), cancellationToken);
    }

    /// <summary>Makes a person a member, with all messages of the room marked as read. It changes nothing for a member.</summary>
    /// <param name="isInvited">Whether somebody who manages the room adds the person, who may then not see it yet.</param>
    /// <param name="tooMany">The reason of the refusal when that person is in too many rooms.</param>
    internal async Task AddMemberAsync(int roomId, int userId, bool isInvited, LocalText tooMany, CancellationToken cancellationToken)
    {
        await databases.InTransactionAsync(
            async (db, token) =>
            {
                // Writing the room first locks it: a room that becomes private, archived or deleted meanwhile gets no member.
                await db.Rooms.Where(r => r.Id == roomId).ExecuteUpdateAsync(
                    r => r.SetProperty(locked => locked.LastRevision, locked => locked.LastRevision), token);
                var room = await Existing(db, roomId)
                    .Select(r => new { r.Kind, r.ArchivedAt, r.LastSequence })
                    .SingleOrDefaultAsync(token);
                if (room is null || (!isInvited && room.Kind != RoomKind.Open))
                    throw NotFound();
                if (room.ArchivedAt is not null)
                    throw Archived();
                if (await db.Memberships.AnyAsync(m => m.RoomId == roomId && m.UserId == userId, token))
                    return false;
                if (await Joined(db, userId).CountAsync(token) >= options.Value.MaxJoined)
                    throw new RefusedException(RefusalCode.Conflict, tooMany);
                db.Add(new Membership
                {
                    RoomId = roomId,
                    UserId = userId,
                    LastReadSequence = room.LastSequence,
                    JoinedAt = time.GetUtcNow().UtcDateTime,
                });
                return true;
            },
            cancellationToken);
        await layer.PublishMembershipAsync(roomId, userId, isMember: true);
    }

    /// <summary>The refusal for a person who is not a member. It does not reveal that a private room exists.</summary>
    /// <param name="kind">Null when there is no such room.</param>
    internal static RefusedException NotMember(RoomKind? kind, LocalText? reason = null) =>
        kind == RoomKind.Open ? new RefusedException(RefusalCode.Forbidden, reason ?? RoomTexts.Get("MembersOnlyWrite")) : NotFound();

    /// <summary>The refusal for a member of a direct room who would change its people or its name.</summary>
    internal static RefusedException DirectUnchangeable() => new(RefusalCode.Forbidden, RoomTexts.Get("DirectUnchangeable"));

    internal static RefusedException NotFound() => new(RefusalCode.NotFound, RoomTexts.Get("RoomNotFound"));

    internal static RefusedException Archived() => new(RefusalCode.Archived, RoomTexts.Get("RoomArchivedRefusal"));

    internal static IQueryable<Room> Visible(ChatDbContext db, int userId) =>
        db.Rooms.AsNoTracking().Where(room =>
            room.Kind == RoomKind.Open || db.Memberships.Any(m => m.RoomId == room.Id && m.UserId == userId));

    private static IQueryable<Membership> Joined(ChatDbContext db, int userId) =>
        db.Memberships.Where(m => m.UserId == userId && m.Room!.Kind != RoomKind.Direct);

    /// <summary>The room, unless it is deleted.</summary>
    internal static IQueryable<Room> Existing(ChatDbContext db, int roomId) =>
        db.Rooms.Where(room => room.Id == roomId && !db.RoomDeletions.Any(deletion => deletion.RoomId == roomId));

    private LocalText JoinedRoomsFull() => RoomTexts.Get("JoinedRoomsFull", options.Value.MaxJoined);

    private static IQueryable<RoomView> Views(ChatDbContext db, IQueryable<Room> rooms, int userId) =>
        from room in rooms
        from membership in db.Memberships.Where(m => m.RoomId == room.Id && m.UserId == userId).DefaultIfEmpty()
        from settings in db.NotificationSettings.Where(s => s.UserId == membership!.UserId).DefaultIfEmpty()
        select new RoomView(
            room.Id,
            room.Name,
            room.Kind,
            (MembershipRole?)membership!.Role,
            null,
            room.LastSequence,
            (long?)membership.LastReadSequence,
            room.Version)
        {
            Topic = room.Topic,
            Description = room.Description,
            OnlyOwnersMentionRoom = room.OnlyOwnersMentionRoom,
            ArchivedAt = room.ArchivedAt,
            UnreadFrom = membership.UnreadFrom,
            UnreadMarks = (int?)membership.UnreadMarks ?? 0,
            ChosenLevel = membership.Level,
            Default = settings == null ? null : new DefaultLevel(settings.RoomLevel, settings.Version),
            IsFavourite = (bool?)membership.IsFavourite ?? false,
            HiddenAt = membership.HiddenAt,
            PreferencesVersion = (int?)membership.PreferencesVersion ?? 0,
        };

    private async Task CheckNumbersAsync(ChatDbContext db, int userId, CancellationToken cancellationToken)
    {
        var limits = options.Value;
        if (await db.Rooms.CountAsync(room => room.Kind != RoomKind.Direct, cancellationToken) >= limits.MaxRooms)
            throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("RoomsFull", limits.MaxRooms));
        if (await db.Memberships.CountAsync(m => m.UserId == userId && m.Role == MembershipRole.Owner, cancellationToken) >= limits.MaxOwned)
            throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("OwnedRoomsFull", limits.MaxOwned));
        if (await Joined(db, userId).CountAsync(cancellationToken) >= limits.MaxJoined)
            throw new RefusedException(RefusalCode.Conflict, JoinedRoomsFull());
    }
}
