using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Markup;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Mentions;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Notifications.Mail;

/// <summary>A message as a mail lists it.</summary>
/// <param name="RoomName">Null for a direct message of two people, whose author is named anyway.</param>
internal sealed record MissedMessage(int RoomId, long Sequence, string? RoomName, string Author, string Text);

/// <summary>
/// The unread mentions of a person and their unread direct messages that were not mailed yet, in rooms of which they are a member now and which they
/// did not mute.
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

    /// <summary>Mentions that are read, and direct messages; older ones count as mailed.</summary>
    private const int MaxRead = 200;

    /// <summary>Reads them; null when there are none.</summary>
    /// <param name="db">The context.</param>
    /// <param name="settings">What the person wants, and what was mailed to them.</param>
    /// <param name="cancellationToken">Ends the queries.</param>
    public static async Task<MissedMessages?> ReadAsync(
        ChatDbContext db, NotificationSettings settings, CancellationToken cancellationToken)
    {
        var mentions = await ReadMentionsAsync(db, settings, cancellationToken);
        var direct = await ReadDirectAsync(db, settings, cancellationToken);
        Row[] rows = [.. mentions.Concat(direct).DistinctBy(row => row.MessageId).OrderByDescending(row => row.MessageId)];
        if (rows.Length == 0)
            return null;
        var listed = await ListAsync(db, settings.UserId, [.. rows.Take(MaxListed).Select(row => row.MessageId)], cancellationToken);
        return new MissedMessages(
            listed,
            rows.Length > MaxListed,
            rows.Length,
            rows.Min(row => row.SentAt),
            direct.Select(row => row.MessageId).Append(settings.LastMailedMessage).Max(),
            mentions.Select(row => row.MentionId).Append(settings.LastMailedMention).Max());
    }

    private static Task<List<Row>> ReadMentionsAsync(ChatDbContext db, NotificationSettings settings, CancellationToken cancellationToken)
    {
        var (userId, since, after, areRoomsMuted) =
            (settings.UserId, settings.MailFrom, settings.LastMailedMention, settings.RoomLevel == RoomLevel.Nothing);
        var rows =
            from membership in db.Memberships
            where membership.UserId == userId
            where membership.Level == null ? !areRoomsMuted || membership.Room!.Kind == RoomKind.Direct : membership.Level != RoomLevel.Nothing
            join mention in db.Mentions on membership.RoomId equals mention.RoomId
            where mention.Id > after && (mention.UserId == userId || mention.UserId == null)
            where mention.Sequence > membership.LastReadSequence || mention.Sequence >= membership.UnreadFrom
            join message in db.Messages on new { mention.RoomId, mention.Sequence } equals new { message.RoomId, message.Sequence }
            where message.AuthorId != userId && message.DeletedAt == null && message.SentAt >= since
            // A member is not mentioned in messages from before they joined.
            where mention.UserId != null || membership.JoinedAt <= message.SentAt
            orderby mention.Id descending
            select new Row(message.Id, mention.Id, message.SentAt);
        return rows.Take(MaxRead).ToListAsync(cancellationToken);
    }

    private static Task<List<Row>> ReadDirectAsync(ChatDbContext db, NotificationSettings settings, CancellationToken cancellationToken)
    {
        var (userId, since, after) = (settings.UserId, settings.MailFrom, settings.LastMailedMessage);
        var rows =
            from membership in db.Memberships
            where membership.UserId == userId && membership.Room!.Kind == RoomKind.Direct
            where membership.Level == null || membership.Level == RoomLevel.Everything
            join message in db.Messages on membership.RoomId equals message.RoomId
            where message.Id > after && message.AuthorId != userId && message.DeletedAt == null && message.SentAt >= since
            where message.Sequence > membership.LastReadSequence || message.Sequence >= membership.UnreadFrom
            orderby message.Id descending
            select new Row(message.Id, 0, message.SentAt);
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
        return [.. named.Select(message => new MissedMessage(message.RoomId, message.Sequence, NameOf(message.RoomId), message.AuthorName, TextOf(message)))];

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

    private sealed record Row(long MessageId, long MentionId, DateTime SentAt);
}
