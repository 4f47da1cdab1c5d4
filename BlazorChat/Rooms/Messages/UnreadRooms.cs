using System.Security.Claims;
using System.Text.Json.Serialization;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Mentions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Messages;

/// <summary>A room with unread messages.</summary>
/// <param name="First">Its first unread messages that are not deleted, at most <see cref="UnreadRooms.MaxMessages"/>.</param>
public sealed record UnreadRoom(RoomView Room, IReadOnlyList<MessageView> First);

/// <summary>Rooms with unread messages.</summary>
/// <param name="HasMore">Whether there are more after them.</param>
public sealed record UnreadRoomPage(IReadOnlyList<UnreadRoom> Rooms, bool HasMore)
{
    /// <summary>
    /// The other rooms of the person that count, in which nothing is unread: a new message adds one of them to the list. Null when they were not read.
    /// </summary>
    [JsonIgnore]
    public IReadOnlySet<int>? Quiet { get; init; }
}

/// <summary>The first unread message of a room.</summary>
public sealed record UnreadStart(int RoomId, long Sequence);

/// <summary>Lists the unread messages of a person in all rooms that count, and marks all of them as read.</summary>
internal sealed class UnreadRooms(
    IDbContextFactory<ChatDbContext> databases, RoomDirectory rooms, ReadMarks marks, CommandLimit commands, IOptions<RoomOptions> options)
{
    /// <summary>Rooms on one page.</summary>
    public const int PageSize = 20;

    /// <summary>Messages of a room.</summary>
    public const int MaxMessages = 5;

    /// <summary>A page of the rooms with unread messages, by name. Muted and hidden rooms are not among them.</summary>
    /// <param name="after">The last room of the previous page; null for the first page.</param>
    public async Task<UnreadRoomPage> ListAsync(ClaimsPrincipal user, RoomView? after, CancellationToken cancellationToken)
    {
        var all = await rooms.ListJoinedAsync(user, cancellationToken);
        var found = RoomView.InOrder(all.Where(room => room.Counted > 0))
            .SkipWhile(room => after is not null && !IsAfter(room, after))
            .Take(PageSize + 1)
            .ToArray();
        RoomView[] page = [.. found.Take(PageSize)];
        var first = await ReadFirstAsync(page, cancellationToken);
        return new UnreadRoomPage([.. page.Select(room => new UnreadRoom(room, [.. first[room.Id]]))], found.Length > PageSize)
        {
            Quiet = all.Where(room => room.Counted == 0 && !room.IsMuted).Select(room => room.Id).ToHashSet(),
        };
    }

    /// <summary>Marks all rooms as read that <see cref="ListAsync"/> would list, up to their newest message. It counts as one command.</summary>
    /// <returns>What was unread, for <see cref="MarkUnreadAsync"/>.</returns>
    public async Task<IReadOnlyList<UnreadStart>> MarkAllReadAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        commands.Acquire(user);
        var userId = user.UserId;
        var unread = await ReadAsync(user, cancellationToken);
        await ApplyAsync(unread.Select(room => new ReadMark(room.Id, userId, room.LastSequence)), cancellationToken);
        return [.. unread.Select(room => new UnreadStart(room.Id, room.ReadUpTo!.Value + 1))];
    }

    /// <summary>Marks these messages and all after them as unread. It counts as one command; rooms that the person has left are ignored.</summary>
    /// <param name="starts">At most as many as a person has rooms (twice <see cref="RoomOptions.MaxJoined"/>).</param>
    public async Task MarkUnreadAsync(ClaimsPrincipal user, IReadOnlyCollection<UnreadStart> starts, CancellationToken cancellationToken)
    {
        commands.Acquire(user);
        var userId = user.UserId;
        await ApplyAsync(
            starts.Take(2 * options.Value.MaxJoined).Select(start => new UnreadMark(start.RoomId, userId, start.Sequence)), cancellationToken);
    }

    private async Task<IReadOnlyList<RoomView>> ReadAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        [.. (await rooms.ListJoinedAsync(user, cancellationToken)).Where(room => room.Counted > 0)];

    private static bool IsAfter(RoomView room, RoomView after) =>
        string.CompareOrdinal(Room.Normalize(room.Name), Room.Normalize(after.Name)) is var order && (order > 0 || (order == 0 && room.Id > after.Id));

    /// <summary>The first unread messages of rooms, in order, by as many queries as for one room.</summary>
    private async Task<ILookup<int, MessageView>> ReadFirstAsync(RoomView[] page, CancellationToken cancellationToken)
    {
        if (page.Length == 0)
            return Enumerable.Empty<MessageView>().ToLookup(message => message.RoomId);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // The first ones of each room by its index, in one statement.
        var ids = await page.Select(room => FirstIds(db, room.Id, room.ReadUpTo!.Value))
            .Aggregate((rooms, room) => rooms.Concat(room))
            .ToListAsync(cancellationToken);
        var messages = await db.Messages.AsNoTracking()
            .Where(message => ids.Contains(message.Id))
            .OrderBy(message => message.Sequence)
            .Select(MessageView.FromMessage)
            .ToListAsync(cancellationToken);
        return (await MentionNames.AddAsync(db, messages, cancellationToken)).ToLookup(message => message.RoomId);
    }

    private static IQueryable<long> FirstIds(ChatDbContext db, int roomId, long readUpTo) => db.Messages
        .Where(message => message.RoomId == roomId && message.Sequence > readUpTo && message.DeletedAt == null)
        .OrderBy(message => message.Sequence)
        .Take(MaxMessages)
        .Select(message => message.Id);

    private Task ApplyAsync(IEnumerable<ReadChange> changes, CancellationToken cancellationToken) =>
        Task.WhenAll(changes.Select(change => TryApplyAsync(change, cancellationToken)));

    private async Task TryApplyAsync(ReadChange change, CancellationToken cancellationToken)
    {
        try
        {
            await marks.ApplyAsync(change, cancellationToken);
        }
        catch (RefusedException refused) when (refused.Code is RefusalCode.NotFound or RefusalCode.Forbidden)
        {
            // The person has just left the room.
        }
    }
}
