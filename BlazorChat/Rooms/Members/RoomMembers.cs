using System.Linq.Expressions;
using System.Security.Claims;
using System.Text.Json.Serialization;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Members;

/// <param name="AvatarId">The attachment that is the person's picture; null for none.</param>
public sealed record MemberView(int UserId, string Name, MembershipRole Role, bool IsBot, Guid? AvatarId = null, bool IsAdmin = false)
{
    /// <summary>Null when it was not read.</summary>
    [JsonIgnore]
    public string? Handle { get; init; }

    /// <summary>It may be over; null for none, and when it was not read.</summary>
    [JsonIgnore]
    public PersonStatus? Status { get; init; }

    /// <summary>UTC, until when the person asked not to be disturbed; null for not, and when it was not read.</summary>
    [JsonIgnore]
    public DateTime? QuietUntil { get; init; }
}

/// <summary>
/// Lists, adds and removes the members of rooms. Every call checks the rights of its caller, and every command counts against
/// <see cref="CommandLimit"/>.
/// </summary>
internal sealed class RoomMembers(
    IDbContextFactory<ChatDbContext> databases,
    RoomDirectory rooms,
    PushOutbox outbox,
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
        membership.User.Roles.Any())
    {
        Status = membership.User.StatusEmoji == null && membership.User.StatusText == null
            ? null
            : new PersonStatus(membership.User.StatusEmoji ?? "", membership.User.StatusText ?? "", membership.User.StatusUntil),
    };

    // The limit makes it slow to enumerate all names.
    private readonly RateLimit<int> _searches = new(time, burst: 30, perSecond: 0.5);
    private readonly RateLimit<int> _adds = new(
        time, options.Value.AddsPerDay, options.Value.AddsPerDay / TimeSpan.FromDays(1).TotalSeconds);

    /// <summary>A page of the members by name, owners first. Only the last page has fewer than <see cref="PageSize"/> members.</summary>
    /// <param name="search">Part of the name, without regard to case and diacritics; empty for all.</param>
    /// <param name="after">The last member of the previous page; null for the first page.</param>
    /// <exception cref="RefusedException">There is no room that this person may see.</exception>
    public async Task<IReadOnlyList<MemberView>> ListAsync(
        ClaimsPrincipal user, int roomId, string search, MemberView? after, CancellationToken cancellationToken)
    {
        await rooms.GetAsync(user, roomId, cancellationToken);
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

        var page = await members
            .OrderByDescending(m => m.Role)
            .ThenBy(m => m.User!.SearchName)
            .ThenBy(m => m.UserId)
            .Take(PageSize)
            .Select(View)
            .ToListAsync(cancellationToken);
        var (ids, now) = (page.Select(member => member.UserId).ToArray(), time.GetUtcNow().UtcDateTime);
        var quiet = await db.NotificationSettings.AsNoTracking()
            .Where(settings => ids.Contains(settings.UserId) && settings.DoNotDisturbUntil > now)
            .ToDictionaryAsync(settings => settings.UserId, settings => settings.DoNotDisturbUntil, cancellationToken);
        return [.. page.Select(member => member with { QuietUntil = quiet.GetValueOrDefault(member.UserId) })];
    }

    /// <summary>
    /// Finds people who are not in the room by part of their name, without regard to case and diacritics; an empty text finds nobody. An admin
    /// also finds a person by a whole email address, which others must not be able to map to people.
    /// </summary>
    /// <exception cref="RefusedException">Not the room's owner or an admin, or too many searches.</exception>
    public async Task<IReadOnlyList<MemberView>> FindPeopleAsync(
        ClaimsPrincipal user, int roomId, string text, CancellationToken cancellationToken)
    {
        AcquireSearch(user);
        await rooms.GetManagedAsync(user, roomId, cancellationToken);
        var (part, address) = (NameForms.SearchOf(text), text.Trim().ToUpperInvariant());
        if (part.Length == 0)
            return [];
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var isAdmin = await db.IsAdminAsync(user, cancellationToken);
        return await ReadAsync(
            db.Users
                .Where(person => !db.Memberships.Any(m => m.RoomId == roomId && m.UserId == person.Id))
                .Where(person => person.SearchName.Contains(part) || (isAdmin && person.NormalizedEmail == address)),
            cancellationToken);
    }

    /// <summary>
    /// Finds people for a direct room by part of their name, without regard to case and diacritics; an empty text finds nobody.
    /// </summary>
    /// <exception cref="RefusedException">Too many searches.</exception>
    public async Task<IReadOnlyList<MemberView>> FindPeopleAsync(ClaimsPrincipal user, string text, CancellationToken cancellationToken)
    {
        AcquireSearch(user);
        var part = NameForms.SearchOf(text);
        if (part.Length == 0)
            return [];
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await ReadAsync(db.Users.Where(person => person.SearchName.Contains(part)), cancellationToken);
    }

    /// <summary>Finds a person or a bot by the id; null when there is none or the account is banned.</summary>
    /// <exception cref="RefusedException">Too many searches.</exception>
    public async Task<MemberView?> FindPersonAsync(ClaimsPrincipal user, int personId, CancellationToken cancellationToken)
    {
        AcquireSearch(user);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await ReadAsync(db.Users.Where(person => person.Id == personId), cancellationToken) is [var found] ? found : null;
    }

    /// <summary>Finds people and bots for a room by their whole handles. It counts as one search.</summary>
    /// <param name="typed">At most <see cref="MaxFound"/>.</param>
    /// <returns>For each handle its person; null when there is none or the account is banned.</returns>
    /// <exception cref="RefusedException">Not the room's owner or an admin, or too many searches.</exception>
    public async Task<IReadOnlyList<MemberView?>> FindByHandlesAsync(
        ClaimsPrincipal user, int roomId, IReadOnlyList<string> typed, CancellationToken cancellationToken)
    {
        AcquireSearch(user);
        await rooms.GetManagedAsync(user, roomId, cancellationToken);
        string[] handles = [.. typed.Select(word => PlainText.IsWellFormed(word) ? HandleText.KeyOf(word) : "")];
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await ReadAsync(db.Users.Where(person => handles.Contains(person.Handle)), cancellationToken);
        return [.. handles.Select(handle => found.FirstOrDefault(person => person.Handle == handle))];
    }

    /// <summary>Adds a person. It changes nothing for a member.</summary>
    /// <exception cref="RefusedException">
    /// Not the room's owner or an admin; there is no such person; the room is archived; they are in too many rooms; too many were added today;
    /// or too many commands.
    /// </exception>
    public async Task AddAsync(ClaimsPrincipal user, int roomId, int memberId, CancellationToken cancellationToken)
    {
        commands.Acquire(user);
        await rooms.GetManagedAsync(user, roomId, cancellationToken);
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            if (!await db.Users.AnyAsync(person => person.Id == memberId && person.BannedAt == null, cancellationToken))
                throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("PersonNotFound"));
            if (await db.Memberships.AnyAsync(m => m.RoomId == roomId && m.UserId == memberId, cancellationToken))
                return;
        }

        if (!_adds.TryAcquire(user.UserId, out var retryAfter))
            throw RefusedException.RateLimited(RoomTexts.Get("AddsFull", options.Value.AddsPerDay), retryAfter);
        try
        {
            await rooms.AddMemberAsync(roomId, memberId, isInvited: true, RoomTexts.Get("MemberRoomsFull"), cancellationToken);
        }
        catch
        {
            _adds.Return(user.UserId);
            throw;
        }
    }

    /// <summary>
    /// Removes a person, who loses access to a private room at once, on every node. It changes nothing for a person who is not a member.
    /// </summary>
    /// <exception cref="RefusedException">
    /// Not the room's owner or an admin; the person is an owner, and the caller no admin; or too many commands.
    /// </exception>
    public async Task RemoveAsync(ClaimsPrincipal user, int roomId, int memberId, CancellationToken cancellationToken)
    {
        commands.Acquire(user);
        await rooms.GetManagedAsync(user, roomId, cancellationToken);
        var ended = await databases.InTransactionAsync(
            async (db, token) =>
            {
                // A reply may add a row of who follows its thread: both lock the room first.
                await db.Rooms.Where(room => room.Id == roomId).ExecuteUpdateAsync(
                    room => room.SetProperty(r => r.LastRevision, r => r.LastRevision), token);
                var isAdmin = await db.IsAdminAsync(user, token);
                var removed = await db.Memberships
                    .Where(m => m.RoomId == roomId && m.UserId == memberId && (isAdmin || m.Role != MembershipRole.Owner))
                    .ExecuteDeleteAsync(token);
                if (removed == 0 && await db.Memberships.AnyAsync(m => m.RoomId == roomId && m.UserId == memberId, token))
                    throw new RefusedException(RefusalCode.Forbidden, RoomTexts.Get("OwnerRemoveForbidden"));
                return await Departure.EndAsync(db, roomId, memberId, time.GetUtcNow().UtcDateTime, token);
            },
            // A page that is closed meanwhile does not undo it.
            CancellationToken.None);
        outbox.NotifyDeliveries();
        await layer.PublishMembershipAsync(roomId, memberId, isMember: false);
        await EndedReminder.PublishAsync(layer, ended);
    }

    private void AcquireSearch(ClaimsPrincipal user)
    {
        if (!_searches.TryAcquire(user.UserId, out var retryAfter))
            throw RefusedException.RateLimited(RoomTexts.Get("TooManySearches"), retryAfter);
    }

    private static async Task<IReadOnlyList<MemberView>> ReadAsync(IQueryable<ChatUser> people, CancellationToken cancellationToken) =>
        await people
            .Where(person => person.BannedAt == null)
            .OrderBy(person => person.SearchName)
            .ThenBy(person => person.Id)
            .Take(MaxFound)
            .Select(person => new MemberView(
                person.Id, person.DisplayName, MembershipRole.Member, person.IsBot, person.AvatarId, person.Roles.Any())
            { Handle = person.Handle })
            .ToListAsync(cancellationToken);
}
