using System.Text.Json.Serialization;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Direct;

/// <summary>A person of a direct room.</summary>
/// <param name="AvatarId">The attachment that is the person's picture; null for none.</param>
public sealed record DirectPerson(int Id, string Name, Guid? AvatarId)
{
    /// <summary>It may be over; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PersonStatus? Status { get; init; }

    /// <summary>UTC, until when the person asked not to be disturbed; it may be over. Null for not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DateTime? QuietUntil { get; init; }
}

/// <summary>Reads who is in direct rooms. Each person sees a room by the names that the others have today.</summary>
internal static class DirectPeople
{
    /// <summary>The name of a direct room, as one of its people sees it: the names of the others, or "You".</summary>
    public static string NameOf(IReadOnlyCollection<DirectPerson> others) =>
        others.Count == 0 ? RoomTexts.Get("You").ToString() : string.Join(", ", others.Select(person => person.Name));

    /// <summary>The other people of direct rooms, by name; nobody for a room of one person.</summary>
    /// <param name="db">The context.</param>
    /// <param name="memberships">Memberships of the readers, also in rooms of other kinds.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public static async Task<ILookup<(int RoomId, int ReaderId), DirectPerson>> ReadOthersAsync(
        ChatDbContext db, IQueryable<Membership> memberships, CancellationToken cancellationToken)
    {
        var direct = memberships.Where(membership => membership.Room!.Kind == RoomKind.Direct);
        var others = await (
            from membership in direct
            from other in db.Memberships
            where other.RoomId == membership.RoomId && other.UserId != membership.UserId
            orderby other.User!.SearchName, other.UserId
            select new
            {
                membership.RoomId,
                ReaderId = membership.UserId,
                other.UserId,
                other.User!.DisplayName,
                other.User.AvatarId,
                IsClosed = other.User.BannedAt != null,
                other.User.StatusEmoji,
                other.User.StatusText,
                other.User.StatusUntil,
                QuietUntil = db.NotificationSettings.Where(settings => settings.UserId == other.UserId)
                    .Select(settings => settings.DoNotDisturbUntil).FirstOrDefault(),
            }).ToListAsync(cancellationToken);
        return others.ToLookup(
            other => (other.RoomId, other.ReaderId),
            other => new DirectPerson(other.UserId, other.DisplayName, other.AvatarId)
            {
                Status = other.IsClosed ? null : PersonStatus.Of(other.StatusEmoji, other.StatusText, other.StatusUntil, DateTime.MinValue),
                QuietUntil = other.IsClosed ? null : other.QuietUntil,
            });
    }
}
