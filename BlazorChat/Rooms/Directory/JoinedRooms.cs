using System.Linq.Expressions;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Direct;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Directory;

/// <summary>Reads the rooms that people are members of. Simultaneous requests, as after a restart or a gap, share a query.</summary>
internal sealed class JoinedRooms(IDbContextFactory<ChatDbContext> databases) : GroupCommit<int, RoomsOfPerson>
{
    /// <summary>The most people in one query.</summary>
    private const int BatchSize = 64;

    /// <summary>All rooms of the person that are not archived, by name, without texts and member counts. Direct rooms have a message.</summary>
    public async Task<JoinedList> ReadAsync(int userId, CancellationToken cancellationToken)
    {
        var (rooms, others, choices) = await WriteAsync(userId, cancellationToken);
        // The name of a room of one person is in the reader's language, which the loop of the queries does not know.
        return new JoinedList(
            others is null
                ? rooms
                : RoomView.InOrder(rooms.Select(room => room.Kind == RoomKind.Direct ? room.Of(userId, others[(room.Id, userId)]) : room)),
            choices);
    }

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<int> writes, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rooms = new Dictionary<int, RoomsOfPerson>();
        foreach (var userIds in writes.Distinct().Chunk(BatchSize))
        {
            var memberships = db.Memberships.AsNoTracking()
                .Where(membership => userIds.Contains(membership.UserId) && membership.Room!.ArchivedAt == null)
                .Where(membership => membership.Room!.Kind != RoomKind.Direct || membership.Room.LastSequence > 0);
            var read = await memberships
                .OrderBy(membership => membership.Room!.NormalizedName)
                .ThenBy(membership => membership.RoomId)
                .Select(JoinedRoom.FromMembership)
                .ToListAsync(cancellationToken);
            var others = read.Any(row => row.Room.Kind == RoomKind.Direct)
                ? await DirectPeople.ReadOthersAsync(db, memberships, cancellationToken)
                : null;
            var settings = await db.NotificationSettings.AsNoTracking()
                .Where(chosen => userIds.Contains(chosen.UserId))
                .ToDictionaryAsync(chosen => chosen.UserId, NotificationChoices.Of, cancellationToken);
            var joined = read.ToLookup(row => row.UserId, row => row.Room);
            foreach (var userId in userIds)
            {
                var choices = settings.GetValueOrDefault(userId, NotificationChoices.Default);
                rooms[userId] = new RoomsOfPerson([.. joined[userId].Select(room => room.Apply(DefaultLevel.Of(choices)))], others, choices);
            }
        }

        return [.. writes.Select(userId => new Outcome(rooms[userId]))];
    }
}

/// <param name="Rooms">By their stored names.</param>
/// <param name="Others">The other people of direct rooms, by room and reader; null when no room of the query is direct.</param>
internal sealed record RoomsOfPerson(
    IReadOnlyList<RoomView> Rooms, ILookup<(int RoomId, int ReaderId), DirectPerson>? Others, NotificationChoices Choices);

/// <summary>The rooms of a person, and how they want to be notified of them.</summary>
internal sealed record JoinedList(IReadOnlyList<RoomView> Rooms, NotificationChoices Choices);

/// <summary>A room of a member.</summary>
internal sealed record JoinedRoom(int UserId, RoomView Room)
{
    public static readonly Expression<Func<Membership, JoinedRoom>> FromMembership = membership => new JoinedRoom(
        membership.UserId,
        new RoomView(
            membership.RoomId,
            membership.Room!.Name,
            membership.Room.Kind,
            membership.Role,
            null,
            membership.Room.LastSequence,
            membership.LastReadSequence,
            membership.Room.Version)
        {
            OnlyOwnersMentionRoom = membership.Room.OnlyOwnersMentionRoom,
            UnreadFrom = membership.UnreadFrom,
            UnreadMarks = membership.UnreadMarks,
            ChosenLevel = membership.Level,
            IsFavourite = membership.IsFavourite,
            HiddenAt = membership.HiddenAt,
            PreferencesVersion = membership.PreferencesVersion,
        });

    /// <summary>With topic and description.</summary>
    public static readonly Expression<Func<Membership, JoinedRoom>> WithTexts = membership => new JoinedRoom(
        membership.UserId,
        new RoomView(
            membership.RoomId,
            membership.Room!.Name,
            membership.Room.Kind,
            membership.Role,
            null,
            membership.Room.LastSequence,
            membership.LastReadSequence,
            membership.Room.Version)
        {
            Topic = membership.Room.Topic,
            Description = membership.Room.Description,
            OnlyOwnersMentionRoom = membership.Room.OnlyOwnersMentionRoom,
            UnreadFrom = membership.UnreadFrom,
            UnreadMarks = membership.UnreadMarks,
            ChosenLevel = membership.Level,
            IsFavourite = membership.IsFavourite,
            HiddenAt = membership.HiddenAt,
            PreferencesVersion = membership.PreferencesVersion,
        });
}
