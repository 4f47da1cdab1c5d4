using System.Security.Claims;
using BlazorChat.Accounts;
using BlazorChat.Channels;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms;

/// <param name="AvatarId">The attachment that is the person's picture; null for none.</param>
public sealed record MemberView(int UserId, string Name, MembershipRole Role, bool IsBot, Guid? AvatarId = null);

/// <summary>Who is in a room, and the commands that bring people in and out. Every call is checked for its caller.</summary>
internal sealed class RoomMembers(
    IDbContextFactory<ChatDbContext> databases, RoomDirectory rooms, IChannelLayer layer)
{
    /// <summary>The most people one list holds.</summary>
    public const int MaxListed = 500;

    /// <summary>The most people a search finds.</summary>
    public const int MaxFound = 10;

    private const string EscapeCharacter = "\\";

    /// <summary>True for who may bring people in and out: the room's owner, and an admin who sees it.</summary>
    public static bool MayManage(ClaimsPrincipal user, RoomView room) => room.Role == MembershipRole.Owner || user.IsAdmin;

    /// <summary>The members by name, owners first.</summary>
    /// <exception cref="RefusedException">There is no room that this person may see.</exception>
    public async Task<IReadOnlyList<MemberView>> ListAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        await GetRoomAsync(user, roomId, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Memberships
            .Where(membership => membership.RoomId == roomId && membership.User!.BannedAt == null)
            .OrderByDescending(membership => membership.Role)
            .ThenBy(membership => membership.User!.DisplayName)
            .Take(MaxListed)
            .Select(membership => new MemberView(
                membership.UserId, membership.User!.DisplayName, membership.Role, membership.User.IsBot, membership.User.AvatarId))
            .ToListAsync(cancellationToken);
    }

    /// <summary>
    /// People who are not in the room yet and whose name begins with a text, or whose address it is: addresses are not to be
    /// guessed letter by letter. Nobody for an empty text.
    /// </summary>
    /// <exception cref="RefusedException">Not the room's owner or an admin.</exception>
    public async Task<IReadOnlyList<MemberView>> FindPeopleAsync(
        ClaimsPrincipal user, int roomId, string text, CancellationToken cancellationToken)
    {
        await GetManagedAsync(user, roomId, cancellationToken);
        var start = text.Trim();
        if (start.Length == 0)
            return [];
        var (pattern, address) = ($"{Escape(start)}%", start.ToUpperInvariant());
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users
            .Where(person => person.BannedAt == null && !db.Memberships.Any(m => m.RoomId == roomId && m.UserId == person.Id))
            .Where(person => EF.Functions.Like(person.DisplayName, pattern, EscapeCharacter) || person.NormalizedEmail == address)
            .OrderBy(person => person.DisplayName)
            .Take(MaxFound)
            .Select(person => new MemberView(person.Id, person.DisplayName, MembershipRole.Member, person.IsBot, person.AvatarId))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Brings somebody in; who is in already stays.</summary>
    /// <exception cref="RefusedException">Not the room's owner or an admin, or there is no such person.</exception>
    public async Task AddAsync(ClaimsPrincipal user, int roomId, int memberId, CancellationToken cancellationToken)
    {
        var room = await GetManagedAsync(user, roomId, cancellationToken);
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            if (!await db.Users.AnyAsync(person => person.Id == memberId && person.BannedAt == null, cancellationToken))
                throw new RefusedException(RefusalCode.NotFound, "There is no such person any more.");
        }

        await rooms.AddMemberAsync(room, memberId, cancellationToken);
    }

    /// <summary>Takes somebody out, which ends what they follow of a private room at once, on every node. Who is not in it stays out.</summary>
    /// <exception cref="RefusedException">Not the room's owner or an admin; or the person is an owner, and the caller no admin.</exception>
    public async Task RemoveAsync(ClaimsPrincipal user, int roomId, int memberId, CancellationToken cancellationToken)
    {
        await GetManagedAsync(user, roomId, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var isAdmin = user.IsAdmin;
        var removed = await db.Memberships
            .Where(m => m.RoomId == roomId && m.UserId == memberId && (isAdmin || m.Role != MembershipRole.Owner))
            .ExecuteDeleteAsync(cancellationToken);
        if (removed == 0 && await db.Memberships.AnyAsync(m => m.RoomId == roomId && m.UserId == memberId, cancellationToken))
            throw new RefusedException(RefusalCode.Forbidden, "Only an admin can take an owner out of the room.");
        await layer.PublishAsync(RoomGroups.Access, new RoomAccessChanged(roomId), cancellationToken);
        await layer.PublishAsync(RoomGroups.User(memberId), new MembershipChanged(roomId, memberId, false), cancellationToken);
    }

    private static string Escape(string text) =>
        string.Concat(text.Select(letter => letter is '%' or '_' or '[' or '\\' ? EscapeCharacter + letter : $"{letter}"));

    private async Task<RoomView> GetRoomAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken) =>
        await rooms.FindAsync(user, roomId, cancellationToken) ?? throw RoomDirectory.NotFound();

    private async Task<RoomView> GetManagedAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        var room = await GetRoomAsync(user, roomId, cancellationToken);
        return MayManage(user, room)
            ? room
            : throw new RefusedException(RefusalCode.Forbidden, "Only the room's owner or an admin can change who is in it.");
    }
}
