using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Direct;

/// <summary>A person of a direct room, with the handle by which others mention them.</summary>
internal sealed record PersonHandle(int Id, string Handle, string Name);

/// <param name="IsNew">False when somebody opened the room before.</param>
internal sealed record DirectRoom(int RoomId, bool IsNew);

/// <summary>
/// Opens direct rooms: one for each set of people, the same for each of them. All are plain members, and nobody can be added or removed, or leave.
/// Lists show a direct room from its first message on, so that nobody sees a room in which nothing was written; <see cref="EmptyDirectRooms"/>
/// removes it.
/// </summary>
internal sealed class DirectRooms(
    IDbContextFactory<ChatDbContext> databases, CommandLimit commands, IOptions<RoomOptions> options, IChannelLayer layer, TimeProvider time)
{
    /// <summary>The most people of a direct room.</summary>
    public const int MaxPeople = 20;

    private readonly RateLimit<int> _openings = new(
        time, options.Value.AddsPerDay, options.Value.AddsPerDay / TimeSpan.FromDays(1).TotalSeconds);

    /// <summary>Returns the direct room of the user and these people, and creates it when there is none.</summary>
    /// <param name="user">A person or a bot.</param>
    /// <param name="personIds">People and bots, with or without the user; nobody else for notes to oneself.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RefusedException">
    /// More than <see cref="MaxPeople"/>; one of them does not exist or is banned; one is in too many direct rooms; the user opened too many
    /// today; or too many commands.
    /// </exception>
    public async Task<DirectRoom> OpenAsync(ClaimsPrincipal user, IReadOnlyCollection<int> personIds, CancellationToken cancellationToken)
    {
        commands.Acquire(user);
        var (userId, people) = (user.UserId, PeopleOf(user, personIds));
        if (people.Length > MaxPeople)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("TooManyPeople", MaxPeople));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, people, cancellationToken) is { } known)
            return new DirectRoom(known, IsNew: false);
        await CheckPeopleAsync(db, people, cancellationToken);
        await CheckNumbersAsync(db, people, userId, cancellationToken);
        if (!_openings.TryAcquire(userId, out var retryAfter))
            throw RefusedException.RateLimited(RoomTexts.Get("DirectOpeningsFull", options.Value.AddsPerDay), retryAfter);
        var isNew = false;
        try
        {
            var opened = await AddAsync(db, people, cancellationToken);
            isNew = opened.IsNew;
            return opened;
        }
        finally
        {
            if (!isNew)
                _openings.Return(userId);
        }
    }

    /// <summary>The direct room of the user and these people; null when nobody has opened it.</summary>
    public async Task<int?> FindAsync(ClaimsPrincipal user, IReadOnlyCollection<int> personIds, CancellationToken cancellationToken)
    {
        var people = PeopleOf(user, personIds);
        if (people.Length > MaxPeople)
            return null;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await FindAsync(db, people, cancellationToken);
    }

    /// <summary>The other people of the user's direct rooms, by name.</summary>
    /// <param name="roomId">One room; null for all that have a message.</param>
    public async Task<ILookup<int, PersonHandle>> ListPeopleAsync(ClaimsPrincipal user, int? roomId, CancellationToken cancellationToken)
    {
        var userId = user.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var others = await (
            from own in db.Memberships
            where own.UserId == userId && own.Room!.Kind == RoomKind.Direct && (roomId == null ? own.Room.LastSequence > 0 : own.RoomId == roomId)
            from other in db.Memberships
            where other.RoomId == own.RoomId && other.UserId != userId
            orderby other.User!.SearchName, other.UserId
            select new { other.RoomId, Person = new PersonHandle(other.UserId, other.User!.Handle, other.User.DisplayName) }).ToListAsync(cancellationToken);
        return others.ToLookup(other => other.RoomId, other => other.Person);
    }

    /// <summary>Publishes to the people of a room that lists show it. It is called after the commit of the first message.</summary>
    public async Task PublishBeginningAsync(int roomId)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        var people = await db.Memberships.Where(m => m.RoomId == roomId).Select(m => m.UserId).ToListAsync(CancellationToken.None);
        foreach (var personId in people)
            await layer.PublishMembershipAsync(roomId, personId, isMember: true);
    }

    private static int[] PeopleOf(ClaimsPrincipal user, IReadOnlyCollection<int> personIds) =>
        [.. personIds.Append(user.UserId).Distinct().Order()];

    private static async Task<int?> FindAsync(ChatDbContext db, int[] people, CancellationToken cancellationToken)
    {
        var key = KeyOf(people);
        return await db.Rooms.Where(room => room.PeopleKey == key).Select(room => (int?)room.Id).SingleOrDefaultAsync(cancellationToken);
    }

    private static string KeyOf(int[] people) => string.Join(',', people);

    private static async Task CheckPeopleAsync(ChatDbContext db, int[] people, CancellationToken cancellationToken)
    {
        var known = await db.Users.CountAsync(person => people.Contains(person.Id) && person.BannedAt == null, cancellationToken);
        if (known < people.Length)
            throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("PersonNotFound"));
    }

    /// <summary>Counts what lists show: a room without a message, or one that a person has hidden, is in nobody's way.</summary>
    private async Task CheckNumbersAsync(ChatDbContext db, int[] people, int userId, CancellationToken cancellationToken)
    {
        var limit = options.Value.MaxJoined;
        var full = await db.Memberships
            .Where(m => people.Contains(m.UserId) && m.Room!.Kind == RoomKind.Direct && m.Room.LastSequence > 0)
            .Where(m => m.HiddenAt == null || m.UnreadFrom != null || (m.Level != RoomLevel.Nothing && m.Room!.LastSequence > m.HiddenAt))
            .GroupBy(m => m.UserId)
            .Where(rooms => rooms.Count() >= limit)
            .Select(rooms => rooms.Key)
            .ToListAsync(cancellationToken);
        if (full.Contains(userId))
            throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("DirectRoomsFull", limit));
        if (full.Count > 0)
            throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("PersonDirectRoomsFull"));
    }

    private async Task<DirectRoom> AddAsync(ChatDbContext db, int[] people, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var room = new Room { Name = "", NormalizedName = "", Kind = RoomKind.Direct, PeopleKey = KeyOf(people), CreatedAt = now };
        db.Add(room);
        db.AddRange(people.Select(personId => new Membership { Room = room, UserId = personId, JoinedAt = now }));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return new DirectRoom(room.Id, IsNew: true);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // Another of these people may have opened the room at the same moment; the unique index lets one be created.
            if (await FindAsync(db, people, cancellationToken) is not { } winner)
                throw;
            return new DirectRoom(winner, IsNew: false);
        }
    }
}
