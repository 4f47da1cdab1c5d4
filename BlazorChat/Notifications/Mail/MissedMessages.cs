using BlazorChat.Data;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Markup;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Threads;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Notifications.Mail;

/// <summary>A message as a mail lists it.</summary>
/// <param name="Address">Its relative address.</param>
/// <param name="RoomName">Null for a direct message of two people, whose author is named anyway.</param>
internal sealed record MissedMessage(string Address, string? RoomName, string Author, string Text);

/// <summary>
/// The unread mentions of a person, their unread direct messages and the unread replies of threads that they follow, which were not mailed yet, in rooms of which they are a member now and which they
/// did neither mute nor hide.
/// </summary>
/// <param name="Newest">In the order in which they were sent.</param>
/// <param name="HasMore">Whether older ones are omitted.</param>
/// <param name="Count">The number of messages, at most <see cref="MaxRead"/>.</param>
/// <param name="OldestSentAt">UTC.</param>
internal sealed record MissedMessages(
    IReadOnlyList<MissedMessage> Newest, bool HasMore, int Count, DateTime OldestSentAt, long LastMessageId, long LastMentionId)
{
    /// <summary>Messages in a mail.</summary>
    public const int MaxListed = 20;

    /// <summary>Characters of each message.</summary>
    public const int MaxText = 200;

    /// <summary>Mentions that are read, and direct messages, and replies; older ones count as mailed.</summary>
    private const int MaxRead = 200;

    /// <summary>
    /// Longer than a transaction lasts. Ids are assigned before the commit, so a message with a lower id may appear later. It has appeared when a
    /// message is this old, so that nothing is passed over.
    /// </summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    /// <summary>Reads them; null when there are none.</summary>
    /// <param name="db">The context.</param>
    /// <param name="settings">What the person wants, and what was mailed to them.</param>
    /// <param name="now">UTC.</param>
    /// <param name="cancellationToken">Ends the queries.</param>
    public static async Task<MissedMessages?> ReadAsync(
        ChatDbContext db, NotificationSettings settings, DateTime now, CancellationToken cancellationToken)
    {
        var before = now - Settling;
        var mentions = Settled(await ReadMentionsAsync(db, settings, cancellationToken), row => row.MentionId, before);
        // Their ids are those of messages, of which the newest one that was mailed is stored.
        var others = Settled(
            [.. await ReadDirectAsync(db, settings, cancellationToken), .. await ReadRepliesAsync(db, settings, cancellationToken)], row => row.MessageId, before);
        Row[] rows = [.. mentions.Concat(others).DistinctBy(row => row.MessageId).OrderByDescending(row => row.MessageId)];
        if (rows.Length == 0)
            return null;
        var listed = await ListAsync(db, settings.UserId, [.. rows.Take(MaxListed).Select(row => row.MessageId)], cancellationToken);
        return new MissedMessages(
            listed,
            rows.Length > MaxListed,
            rows.Length,
            rows.Min(row => row.SentAt),
            others.Select(row => row.MessageId).Append(settings.LastMailedMessage).Max(),
            mentions.Select(row => row.MentionId).Append(settings.LastMailedMention).Max());
    }

    /// <summary>The rows before the first one that is new. An edit may mention people in an old message.</summary>
    private static Row[] Settled(IReadOnlyList<Row> rows, Func<Row, long> idOf, DateTime before)
    {
        var first = rows.Where(row => row.SentAt > before || row.EditedAt > before).Select(idOf).DefaultIfEmpty(long.MaxValue).Min();
        return [.. rows.Where(row => idOf(row) < first)];
    }

    private static Task<List<Row>> ReadMentionsAsync(ChatDbContext db, NotificationSettings settings, CancellationToken cancellationToken)
    {
        var (userId, since, after, areRoomsMuted) =
            (settings.UserId, settings.MailFrom, settings.LastMailedMention, settings.RoomLevel == RoomLevel.Nothing);
        var rows =
            from membership in db.Memberships
            where membership.UserId == userId
            where membership.Room!.ArchivedAt == null
            where membership.Level == null ? !areRoomsMuted || membership.Room!.Kind == RoomKind.Direct : membership.Level != RoomLevel.Nothing
            join mention in db.Mentions on membership.RoomId equals mention.RoomId
            where mention.Id > after
                && (mention.UserId == userId || (mention.UserId == null && (mention.Here == null || mention.Here.Contains(userId))))
            where mention.Sequence < 0 || mention.Sequence > membership.LastReadSequence || mention.Sequence >= membership.UnreadFrom
            where membership.HiddenAt == null || membership.UnreadFrom != null
                || (mention.Sequence > 0 ? mention.Sequence : membership.Room!.LastSequence) > membership.HiddenAt
            join message in db.Messages on new { mention.RoomId, mention.Sequence } equals new { message.RoomId, message.Sequence }
            // Whom a reply mentions follows its thread.
            where mention.Sequence > 0 || db.ThreadFollows.Any(follow =>
                follow.UserId == userId && follow.Thread!.RoomId == message.RoomId && follow.Thread.RootSequence == message.ThreadRoot
                && follow.LastReadReply < message.ReplyNumber)
            where message.AuthorId != userId && message.DeletedAt == null && message.SentAt >= since
            // A member is not mentioned in messages from before they joined.
            where mention.UserId != null || mention.Here != null || membership.JoinedAt <= message.SentAt
            orderby mention.Id descending
            select new Row(message.Id, mention.Id, message.SentAt, message.EditedAt);
        return rows.Take(MaxRead).ToListAsync(cancellationToken);
    }

    private static Task<List<Row>> ReadDirectAsync(ChatDbContext db, NotificationSettings settings, CancellationToken cancellationToken)
    {
        var (userId, since, after) = (settings.UserId, settings.MailFrom, settings.LastMailedMessage);
        var rows =
            from membership in db.Memberships
            where membership.UserId == userId && membership.Room!.Kind == RoomKind.Direct && membership.Room.ArchivedAt == null
            where membership.Level == null || membership.Level == RoomLevel.Everything
            join message in db.Messages on membership.RoomId equals message.RoomId
            where message.Id > after && message.AuthorId != userId && message.DeletedAt == null && message.SentAt >= since
            where message.Sequence > membership.LastReadSequence || message.Sequence >= membership.UnreadFrom
            where membership.HiddenAt == null || membership.UnreadFrom != null || message.Sequence > membership.HiddenAt
            orderby message.Id descending
            select new Row(message.Id, 0, message.SentAt, null);
        return rows.Take(MaxRead).ToListAsync(cancellationToken);
    }

    private static Task<List<Row>> ReadRepliesAsync(ChatDbContext db, NotificationSettings settings, CancellationToken cancellationToken)
    {
        var (userId, since, after, areRoomsMuted) =
            (settings.UserId, settings.MailFrom, settings.LastMailedMessage, settings.RoomLevel == RoomLevel.Nothing);
        var rows =
            from follow in ThreadFollows.CountedOf(db, [userId])
            where follow.LastReadReply < follow.Thread!.LastReply
            join membership in db.Memberships on new { follow.Thread!.RoomId, follow.UserId } equals new { membership.RoomId, membership.UserId }
            where membership.Level == null ? !areRoomsMuted || membership.Room!.Kind == RoomKind.Direct : membership.Level != RoomLevel.Nothing
            where membership.HiddenAt == null || membership.UnreadFrom != null || membership.Room!.LastSequence > membership.HiddenAt
            join message in db.Messages
                on new { follow.Thread!.RoomId, Root = (long?)follow.Thread.RootSequence } equals new { message.RoomId, Root = message.ThreadRoot }
            where message.ReplyNumber > follow.LastReadReply && message.Sequence < 0
            where message.Id > after && message.AuthorId != userId && message.DeletedAt == null && message.SentAt >= since
            where membership.JoinedAt <= message.SentAt
            orderby message.Id descending
            select new Row(message.Id, 0, message.SentAt, null);
        return rows.Take(MaxRead).ToListAsync(cancellationToken);
    }

    private static async Task<IReadOnlyList<MissedMessage>> ListAsync(
        ChatDbContext db, int userId, long[] messageIds, CancellationToken cancellationToken)
    {
        var messages = await db.Messages.AsNoTracking()
            .Where(message => messageIds.Contains(message.Id))
            .OrderBy(message => message.Id)
            .Select(MessageView.FromMessage)
            .ToListAsync(cancellationToken);
        var named = await MentionNames.AddAsync(db, messages, cancellationToken);
        var roomIds = messages.Select(message => message.RoomId).Distinct().ToArray();
        var rooms = await db.Rooms.AsNoTracking().Where(room => roomIds.Contains(room.Id)).ToDictionaryAsync(room => room.Id, cancellationToken);
        var memberships = db.Memberships.AsNoTracking().Where(m => m.UserId == userId && roomIds.Contains(m.RoomId));
        var others = await DirectPeople.ReadOthersAsync(db, memberships, cancellationToken);
        return [.. named.Select(message => new MissedMessage(message.Address, NameOf(message.RoomId), message.AuthorName, TextOf(message)))];

        string? NameOf(int roomId)
        {
            if (rooms[roomId].Kind != RoomKind.Direct)
                return rooms[roomId].Name;
            DirectPerson[] people = [.. others[(roomId, userId)]];
            return people.Length > 1 ? DirectPeople.NameOf(people) : null;
        }
    }

    private static string TextOf(MessageView message) =>
        HtmlText.Read(MentionHtml.Show(message), MaxText) is { Length: > 0 } text ? text : NotificationTexts.Get("MissedFile").ToString();

    /// <param name="EditedAt">Null where an edit assigns no id.</param>
    private sealed record Row(long MessageId, long MentionId, DateTime SentAt, DateTime? EditedAt);
}
