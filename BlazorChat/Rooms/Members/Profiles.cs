using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Presence;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Members;

/// <summary>A person or a bot as another person sees them.</summary>
/// <param name="Handle">Without its <c>@</c>.</param>
/// <param name="IsClosed">The account is banned. Nothing else is known of it then than its name, handle and picture.</param>
/// <param name="Presence">Unknown when the reader shares no room with the person.</param>
/// <param name="Status">Null for none.</param>
/// <param name="TimeZone">As in <c>Europe/Berlin</c>; null when it is not known.</param>
/// <param name="IsQuiet">Whether the person asked not to be disturbed.</param>
internal sealed record ProfileView(
    int Id,
    string Name,
    string Handle,
    Guid? AvatarId,
    bool IsBot,
    bool IsAdmin,
    bool IsClosed,
    PresenceState Presence,
    PersonStatus? Status,
    string? TimeZone,
    bool IsQuiet);

/// <summary>
/// Reads what people show of themselves. Names are no secret; presence, status and time are for those who share a room with the person, or may read
/// one that the person is in.
/// </summary>
internal sealed class Profiles(IDbContextFactory<ChatDbContext> databases, PresenceDirectory presence, CommandLimit commands, TimeProvider time)
{
    /// <exception cref="RefusedException">There is no such person, or too many commands.</exception>
    public async Task<ProfileView> GetAsync(ClaimsPrincipal reader, int personId, CancellationToken cancellationToken)
    {
        commands.Acquire(reader);
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var acquainted = Acquainted(db, reader.UserId);
        var found = await db.Users.AsNoTracking()
            .Where(person => person.Id == personId)
            .Select(person => new
            {
                person.DisplayName,
                person.Handle,
                person.AvatarId,
                person.IsBot,
                IsAdmin = person.Roles.Any(),
                IsClosed = person.BannedAt != null,
                person.StatusEmoji,
                person.StatusText,
                person.StatusUntil,
                TimeZone = db.NotificationSettings.Where(settings => settings.UserId == personId).Select(settings => settings.TimeZone).FirstOrDefault(),
                QuietUntil = db.NotificationSettings.Where(settings => settings.UserId == personId)
                    .Select(settings => settings.DoNotDisturbUntil).FirstOrDefault(),
                IsAcquainted = acquainted.Contains(person.Id),
            })
            .SingleOrDefaultAsync(cancellationToken)
            ?? throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("PersonNotFound"));
        var isShown = found is { IsAcquainted: true, IsClosed: false };
        return new ProfileView(
            personId,
            found.DisplayName,
            found.Handle,
            found.AvatarId,
            found.IsBot,
            found.IsAdmin,
            found.IsClosed,
            isShown ? presence.Find(personId) : PresenceState.Unknown,
            isShown ? PersonStatus.Of(found.StatusEmoji, found.StatusText, found.StatusUntil, now) : null,
            isShown ? found.TimeZone : null,
            isShown && found.QuietUntil > now);
    }

    /// <summary>The ids of the people whose presence and status a reader may see, the reader among them.</summary>
    internal static IQueryable<int> Acquainted(ChatDbContext db, int readerId)
    {
        var rooms = RoomDirectory.Visible(db, readerId).Select(room => room.Id);
        return db.Users
            .Where(person => person.Id == readerId || db.Memberships.Any(m => m.UserId == person.Id && rooms.Contains(m.RoomId)))
            .Select(person => person.Id);
    }
}
