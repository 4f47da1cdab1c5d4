using System.Linq.Expressions;
using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Members;

/// <param name="AvatarId">The attachment that is the person's picture; null for none.</param>
public sealed record MemberView(int UserId, string Name, MembershipRole Role, bool IsBot, Guid? AvatarId = null, bool IsAdmin = false);

/// <summary>
/// Who is in a room, and the commands that bring people in and out. Every call is checked for its caller, and every command counts
/// against <see cref="CommandLimit"/>.
/// </summary>
internal sealed class RoomMembers(
    IDbContextFactory<ChatDbContext> databases,
    RoomDirectory rooms,
    AdminRights rights,
    CommandLimit commands,
    IOptions<RoomOptions> options,
    IChannelLayer layer,
    TimeProvider time)
{
    /// <summary>People on one page of the list.</summary>
    public const int PageSize = 50;

    /// <summary>The most people a search for new members finds.</summary>
    public const int MaxFound = 10;

    internal static readonly Expression<Func<Membership, MemberView>> View = membership => new MemberView(
        membership.UserId,
        membership.User!.DisplayName,
        membership.Role,
        membership.User.IsBot,
        membership.User.AvatarId,
        membership.User.Roles.Any());

    // Names are there to be found, but not all of them one after the other.
    private readonly RateLimit<int> _searches = new(time, burst: 30, perSecond: 0.5);
    private readonly RateLimit<int> _adds = new(
        time, options.Value.AddsPerDay, options.Value.AddsPerDay / TimeSpan.FromDays(1).TotalSeconds);

    /// <summary>True for who may bring people in and out: the room's owner, and an admin who sees it.</summary>
    public async ValueTask<bool> MayManageAsync(ClaimsPrincipal user, RoomView room, CancellationToken cancellationToken) =>
        room.Role == MembershipRole.Owner || await rights.IsAdminAsync(user, cancellationToken);

    /// <inheritdoc cref="ListAsync(ClaimsPrincipal, int, string, MemberView?, CancellationToken)"/>
    public Task<IReadOnlyList<MemberView>> ListAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken) =>
        ListAsync(user, roomId, "", after: null, cancellationToken);

    /// <summary>
    /// A page of the members by name, owners first. It has <see cref="PageSize"/> members unless it is the last one.
    /// </summary>
    /// <param name="search">Part of the name, without regard to case and marks; empty for all.</param>
    /// <param name="after">The last member of the page before; null for the first page.</param>
    /// <exception cref="RefusedException">There is no room that this person may see.</exception>
    public async Task<IReadOnlyList<MemberView>> ListAsync(
        ClaimsPrincipal user, int roomId, string search, MemberView? after, CancellationToken cancellationToken)
    {
        await GetRoomAsync(user, roomId, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var members = db.Memberships.Where(m => m.RoomId == roomId && m.User!.BannedAt == null);
        var part = NameForms.SearchOf(search);
        if (part.Length > 0)
            members = members.Where(m => m.User!.SearchName.Contains(part));
        if (after is not null)
        {
            var (role, name, id) = (after.Role, NameForms.SearchOf(after.Name), after.UserId);
            members = members.Where(m => m.Role < role
                || (m.Role == role && (m.User!.SearchName.CompareTo(name) > 0 || (m.User.SearchName == name && m.UserId > id))));
        }

        return await members
            .OrderByDescending(m => m.Role)
            .ThenBy(m => m.User!.SearchName)
            .ThenBy(m => m.UserId)
            .Take(PageSize)
            .Select(View)
            .ToListAsync(cancellationToken);
    }

    /// <summary>
    /// People who are not in the room yet and whose name has a text in it, without regard to case and marks. An admin also finds the
    /// person who has an address, whole; nobody else maps addresses to people. Nobody for an empty text.
    /// </summary>
    /// <exception cref="RefusedException">Not the room's owner or an admin, or too many searches.</exception>
    public async Task<IReadOnlyList<MemberView>> FindPeopleAsync(
        ClaimsPrincipal user, int roomId, string text, CancellationToken cancellationToken)
    {
        if (!_searches.TryAcquire(user.UserId, out var retryAfter))
            throw RefusedException.RateLimited("That's too many searches.", retryAfter);
        await GetManagedAsync(user, roomId, cancellationToken);
        var (part, address) = (NameForms.SearchOf(text), text.Trim().ToUpperInvariant());
        if (part.Length == 0)
            return [];
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var isAdmin = await db.IsAdminAsync(user, cancellationToken);
        return await db.Users
            .Where(person => person.BannedAt == null && !db.Memberships.Any(m => m.RoomId == roomId && m.UserId == person.Id))
            .Where(person => person.SearchName.Contains(part) || (isAdmin && person.NormalizedEmail == address))
            .OrderBy(person => person.SearchName)
            .ThenBy(person => person.Id)
            .Take(MaxFound)
            .Select(person => new MemberView(
                person.Id, person.DisplayName, MembershipRole.Member, person.IsBot, person.AvatarId, person.Roles.Any()))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Brings somebody in; who is in already stays.</summary>
    /// <exception cref="RefusedException">
    /// Not the room's owner or an admin; there is no such person; they are in too many rooms; too many were added today; or too many
    /// commands.
    /// </exception>
    public async Task AddAsync(ClaimsPrincipal user, int roomId, int memberId, CancellationToken cancellationToken)
    {
        commands.Take(user);
        var room = await GetManagedAsync(user, roomId, cancellationToken);
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            if (!await db.Users.AnyAsync(person => person.Id == memberId && person.BannedAt == null, cancellationToken))
                throw new RefusedException(RefusalCode.NotFound, "There is no such person any more.");
            if (await db.Memberships.AnyAsync(m => m.RoomId == roomId && m.UserId == memberId, cancellationToken))
                return;
        }

        if (!_adds.TryAcquire(user.UserId, out var retryAfter))
            throw RefusedException.RateLimited($"You can add at most {options.Value.AddsPerDay} people a day.", retryAfter);
        try
        {
            await rooms.AddMemberAsync(room, memberId, "This person is in as many rooms as one can be in.", cancellationToken);
        }
        catch
        {
            _adds.Return(user.UserId);
            throw;
        }
    }

    /// <summary>Takes somebody out, which ends what they follow of a private room at once, on every node. Who is not in it stays out.</summary>
    /// <exception cref="RefusedException">
    /// Not the room's owner or an admin; the person is an owner, and the caller no admin; or too many commands.
    /// </exception>
    public async Task RemoveAsync(ClaimsPrincipal user, int roomId, int memberId, CancellationToken cancellationToken)
    {
        commands.Take(user);
        await GetManagedAsync(user, roomId, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var isAdmin = await db.IsAdminAsync(user, cancellationToken);
        var removed = await db.Memberships
            .Where(m => m.RoomId == roomId && m.UserId == memberId && (isAdmin || m.Role != MembershipRole.Owner))
            .ExecuteDeleteAsync(cancellationToken);
        if (removed == 0 && await db.Memberships.AnyAsync(m => m.RoomId == roomId && m.UserId == memberId, cancellationToken))
            throw new RefusedException(RefusalCode.Forbidden, "Only an admin can remove an owner from the room.");
        // The caller may be gone by now, but what the member follows has to end.
        await layer.PublishAsync(RoomGroups.Access, new RoomAccessChanged(roomId), CancellationToken.None);
        await layer.PublishAsync(RoomGroups.User(memberId), new MembershipChanged(roomId, memberId, false), CancellationToken.None);
    }

    private async Task<RoomView> GetRoomAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken) =>
        await rooms.FindAsync(user, roomId, cancellationToken) ?? throw RoomDirectory.NotFound();

    private async Task<RoomView> GetManagedAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        var room = await GetRoomAsync(user, roomId, cancellationToken);
        return await MayManageAsync(user, room, cancellationToken)
            ? room
            : throw new RefusedException(RefusalCode.Forbidden, "Only the room's owner or an admin can change who is in it.");
    }
}
