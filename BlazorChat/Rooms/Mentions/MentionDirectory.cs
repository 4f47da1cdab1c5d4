using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Mentions;

/// <summary>A message that mentions a person.</summary>
/// <param name="Id">Newer mentions have higher ids.</param>
/// <param name="IsForRoom">Whether it mentions all members of the room, and not this person.</param>
public sealed record MentionItem(long Id, string RoomName, RoomKind RoomKind, bool IsForRoom, MessageView Message);

/// <summary>Lists the mentions of a person, in rooms that the person may read now.</summary>
internal sealed class MentionDirectory(IDbContextFactory<ChatDbContext> databases)
{
    public const int PageSize = 50;

    /// <summary>A page of the person's mentions, newest first. Only the last page has fewer than <see cref="PageSize"/>.</summary>
    /// <param name="before">The id of the last mention of the previous page; null for the first page.</param>
    public Task<IReadOnlyList<MentionItem>> ListAsync(ClaimsPrincipal person, long? before, CancellationToken cancellationToken) =>
        ListAsync(person, roomId: null, before, cancellationToken);

    /// <param name="roomId">The only room to list from; null for all.</param>
    /// <inheritdoc cref="ListAsync(ClaimsPrincipal, long?, CancellationToken)"/>
    public async Task<IReadOnlyList<MentionItem>> ListAsync(ClaimsPrincipal person, int? roomId, long? before, CancellationToken cancellationToken)
    {
        var userId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Two queries, since each reads its rows in the order of an index.
        var own = await ReadAsync(db, userId, roomId, before, OfPerson(db, userId), cancellationToken);
        var ofRooms = await ReadAsync(db, userId, roomId, before, OfRooms(db, userId), cancellationToken);
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

    private static IQueryable<Mention> OfPerson(ChatDbContext db, int userId) => db.Mentions.Where(mention => mention.UserId == userId);

    /// <summary>
    /// Mentions of all members or of those who were connected, in rooms of the person: one of each message, and none of a message that mentions the
    /// person too.
    /// </summary>
    private static IQueryable<Mention> OfRooms(ChatDbContext db, int userId) => db.Mentions.Where(mention =>
        mention.UserId == null
        && db.Memberships.Any(membership => membership.RoomId == mention.RoomId && membership.UserId == userId)
        && (mention.Here == null || mention.Here.Contains(userId))
        && !db.Mentions.Any(other => other.RoomId == mention.RoomId && other.Sequence == mention.Sequence
            && (other.UserId == userId || (mention.Here != null && other.UserId == null && other.Here == null))));

    private static async Task<List<Row>> ReadAsync(
        ChatDbContext db, int userId, int? roomId, long? before, IQueryable<Mention> mentions, CancellationToken cancellationToken)
    {
        if (roomId is { } only)
            mentions = mentions.Where(mention => mention.RoomId == only);
        if (before is { } id)
            mentions = mentions.Where(mention => mention.Id < id);
        var rows =
            from mention in mentions
            join room in RoomDirectory.Visible(db, userId) on mention.RoomId equals room.Id
            join message in db.Messages on new { mention.RoomId, mention.Sequence } equals new { message.RoomId, message.Sequence }
            where message.AuthorId != userId
            // A member is not mentioned in messages from before they joined.
            where mention.UserId != null || mention.Here != null || db.Memberships.Any(m => m.RoomId == mention.RoomId && m.UserId == userId && m.JoinedAt <= message.SentAt)
            orderby mention.Id descending
            select new Row(mention.Id, mention.RoomId, mention.Sequence, room.Name, room.Kind, mention.UserId == null && mention.Here == null, message.Id);
        return await rows.Take(PageSize).ToListAsync(cancellationToken);
    }

    private sealed record Row(long Id, int RoomId, long Sequence, string RoomName, RoomKind RoomKind, bool IsForRoom, long MessageId);
}
