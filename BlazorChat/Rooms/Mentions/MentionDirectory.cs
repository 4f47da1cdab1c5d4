using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Mentions;

/// <summary>A message that mentions a person.</summary>
/// <param name="Id">Newer mentions have higher ids.</param>
/// <param name="IsForRoom">Whether it mentions all members of the room, and not this person.</param>
public sealed record MentionItem(long Id, string RoomName, RoomKind RoomKind, bool IsForRoom, MessageView Message);

/// <summary>Lists and counts the mentions of a person, in rooms that the person may read now.</summary>
internal sealed class MentionDirectory(IDbContextFactory<ChatDbContext> databases)
{
    public const int PageSize = 50;

    /// <summary>A page of the person's mentions, newest first. Only the last page has fewer than <see cref="PageSize"/>.</summary>
    /// <param name="before">The id of the last mention of the previous page; null for the first page.</param>
    public async Task<IReadOnlyList<MentionItem>> ListAsync(ClaimsPrincipal person, long? before, CancellationToken cancellationToken)
    {
        var userId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Two queries, since each reads its rows in the order of an index.
        var own = await ReadAsync(db, userId, before, db.Mentions.Where(mention => mention.UserId == userId), cancellationToken);
        var ofRooms = await ReadAsync(db, userId, before, OfRooms(db, userId), cancellationToken);
        Row[] newest = [.. own.Concat(ofRooms).OrderByDescending(row => row.Id).Take(PageSize)];
        if (newest.Length == 0)
            return [];
        var ids = newest.Select(row => row.MessageId).ToArray();
        var messages = await db.Messages.AsNoTracking().Where(message => ids.Contains(message.Id)).Select(MessageView.FromMessage).ToListAsync(cancellationToken);
        var named = (await MentionNames.AddAsync(db, messages, cancellationToken)).ToDictionary(message => (message.RoomId, message.Sequence));
        var directIds = newest.Where(row => row.RoomKind == RoomKind.Direct).Select(row => row.RoomId).Distinct().ToArray();
        var memberships = db.Memberships.AsNoTracking().Where(m => m.UserId == userId && directIds.Contains(m.RoomId));
        var others = directIds.Length == 0 ? null : await DirectPeople.ReadOthersAsync(db, memberships, cancellationToken);
        // A message may have been deleted between the reads.
        return
        [
            .. newest.Where(row => named.ContainsKey((row.RoomId, row.Sequence)))
                .Select(row => new MentionItem(row.Id, NameOf(row), row.RoomKind, row.IsForRoom, named[(row.RoomId, row.Sequence)])),
        ];

        string NameOf(Row row) =>
            row.RoomKind == RoomKind.Direct && others is not null ? DirectPeople.NameOf([.. others[(row.RoomId, userId)]]) : row.RoomName;
    }

    /// <summary>The numbers of messages that mention the person and are unread, or marked as unread, by room; rooms without one are omitted.</summary>
    public async Task<IReadOnlyDictionary<int, int>> CountUnreadAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        var userId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var unread =
            from membership in db.Memberships
            where membership.UserId == userId
            join mention in db.Mentions on membership.RoomId equals mention.RoomId
            where mention.Sequence > membership.LastReadSequence || mention.Sequence >= membership.UnreadFrom
            where mention.UserId == userId || mention.UserId == null
            group mention.Sequence by mention.RoomId into room
            select new { RoomId = room.Key, Count = room.Distinct().Count() };
        return await unread.ToDictionaryAsync(room => room.RoomId, room => room.Count, cancellationToken);
    }

    /// <summary>Mentions of all members, in rooms of the person, except of messages that mention the person too.</summary>
    private static IQueryable<Mention> OfRooms(ChatDbContext db, int userId) => db.Mentions.Where(mention =>
        mention.UserId == null
        && db.Memberships.Any(membership => membership.RoomId == mention.RoomId && membership.UserId == userId)
        && !db.Mentions.Any(own => own.RoomId == mention.RoomId && own.Sequence == mention.Sequence && own.UserId == userId));

    private static async Task<List<Row>> ReadAsync(
        ChatDbContext db, int userId, long? before, IQueryable<Mention> mentions, CancellationToken cancellationToken)
    {
        if (before is { } id)
            mentions = mentions.Where(mention => mention.Id < id);
        var rows =
            from mention in mentions
            join room in RoomDirectory.Visible(db, userId) on mention.RoomId equals room.Id
            join message in db.Messages on new { mention.RoomId, mention.Sequence } equals new { message.RoomId, message.Sequence }
            where message.AuthorId != userId
            // A member is not mentioned in messages from before they joined.
            where mention.UserId != null || db.Memberships.Any(m => m.RoomId == mention.RoomId && m.UserId == userId && m.JoinedAt <= message.SentAt)
            orderby mention.Id descending
            select new Row(mention.Id, mention.RoomId, mention.Sequence, room.Name, room.Kind, mention.UserId == null, message.Id);
        return await rows.Take(PageSize).ToListAsync(cancellationToken);
    }

    private sealed record Row(long Id, int RoomId, long Sequence, string RoomName, RoomKind RoomKind, bool IsForRoom, long MessageId);
}
