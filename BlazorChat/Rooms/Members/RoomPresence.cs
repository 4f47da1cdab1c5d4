using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Presence;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Members;

/// <summary>Whether a member of a room is connected.</summary>
/// <param name="Status">Null for none, and for those who are not connected.</param>
internal sealed record MemberPresence(int UserId, PresenceState State, PersonStatus? Status);

/// <summary>Lists who of a room is connected, for those who may read the room.</summary>
internal sealed class RoomPresence(
    IDbContextFactory<ChatDbContext> databases, RoomDirectory rooms, PresenceDirectory presence, CommandLimit commands, TimeProvider time)
{
    /// <summary>The most people in a list.</summary>
    public const int MaxPeople = 1_000;

    /// <summary>
    /// The members who are online or away, by id. While nodes are not connected, those of other nodes are missing.
    /// </summary>
    /// <exception cref="RefusedException">There is no room that this person may see, or too many commands.</exception>
    public async Task<IReadOnlyList<MemberPresence>> ListAsync(ClaimsPrincipal reader, int roomId, CancellationToken cancellationToken)
    {
        commands.Acquire(reader);
        await rooms.GetAsync(reader, roomId, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await ListAsync(db.Users.Where(person => db.Memberships.Any(m => m.UserId == person.Id && m.RoomId == roomId)), cancellationToken);
    }

    /// <summary>Checks that the reader is a member of the room.</summary>
    /// <exception cref="RefusedException">There is no room that this person may see, or the person is not a member.</exception>
    internal async Task CheckMemberAsync(ClaimsPrincipal reader, int roomId, CancellationToken cancellationToken)
    {
        if (!(await rooms.GetAsync(reader, roomId, cancellationToken)).IsMember)
            throw new RefusedException(RefusalCode.Forbidden, RoomTexts.Get("MembersOnlyPresence"));
    }

    /// <summary>Those who are connected and in a room with the reader, by id.</summary>
    /// <param name="roomId">Only members of this room; null for all rooms of the reader.</param>
    internal async Task<IReadOnlyList<MemberPresence>> ListSharedAsync(int readerId, int? roomId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var shared = db.Memberships.Where(m => m.UserId == readerId && (roomId == null || m.RoomId == roomId)).Select(m => m.RoomId);
        return await ListAsync(db.Users.Where(person => db.Memberships.Any(m => m.UserId == person.Id && shared.Contains(m.RoomId))), cancellationToken);
    }

    /// <summary>People as others see them now, by id. Somebody who is banned is not connected.</summary>
    internal async Task<IReadOnlyList<MemberPresence>> ReadAsync(IQueryable<ChatUser> people, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var read = await people.AsNoTracking()
            .OrderBy(person => person.Id)
            .Select(person => new { person.Id, IsBanned = person.BannedAt != null, person.StatusEmoji, person.StatusText, person.StatusUntil })
            .ToListAsync(cancellationToken);
        return
        [
            .. from person in read
               let state = person.IsBanned ? PresenceState.Offline : presence.Find(person.Id)
               select new MemberPresence(
                   person.Id,
                   state,
                   state >= PresenceState.Away ? PersonStatus.Of(person.StatusEmoji, person.StatusText, person.StatusUntil, now) : null),
        ];
    }

    private async Task<IReadOnlyList<MemberPresence>> ListAsync(IQueryable<ChatUser> people, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(people, cancellationToken)).Where(person => person.State >= PresenceState.Away).Take(MaxPeople)];
}
