using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms;

/// <summary>
/// Several writes in one transaction: what they need is read at once, and each one sees what those before it have changed.
/// </summary>
internal sealed class MessageBatch
{
    private readonly ChatDbContext _db;
    private readonly DateTime _now;
    private readonly Dictionary<(int RoomId, long Sequence), Written> _messages = [];
    private Dictionary<int, Room> _rooms = [];
    private Dictionary<(int RoomId, int UserId), Member> _members = [];
    private Dictionary<(int AuthorId, Guid ClientMessageId), MessageView> _sent = [];

    private MessageBatch(ChatDbContext db, DateTime now)
    {
        _db = db;
        _now = now;
    }

    /// <summary>Locks the rooms of the writes and reads what these are about.</summary>
    public static async Task<MessageBatch> ReadAsync(
        ChatDbContext db, IReadOnlyList<MessageWrite> writes, DateTime now, CancellationToken cancellationToken)
    {
        var batch = new MessageBatch(db, now);
        var roomIds = writes.Select(write => write.RoomId).Distinct().Order().ToArray();
        // Writing the rooms first locks them, so that nobody else takes the numbers that are read next.
        await db.Rooms.Where(room => roomIds.Contains(room.Id)).ExecuteUpdateAsync(
            room => room.SetProperty(r => r.LastRevision, r => r.LastRevision), cancellationToken);
        batch._rooms = await db.Rooms.Where(room => roomIds.Contains(room.Id)).ToDictionaryAsync(room => room.Id, cancellationToken);
        await batch.ReadMembersAsync(roomIds, writes, cancellationToken);
        await batch.ReadSentAsync([.. writes.OfType<NewMessage>()], cancellationToken);
        foreach (var room in writes.OfType<MessageRewrite>().GroupBy(write => write.RoomId, write => write.Sequence))
            await batch.ReadMessagesAsync(room.Key, [.. room.Distinct()], cancellationToken);
        return batch;
    }

    /// <summary>Makes one write; the message as it is then.</summary>
    /// <exception cref="RefusedException">This person may not, or there is nothing to change.</exception>
    public MessageView Apply(MessageWrite write) => write switch
    {
        NewMessage created => Create(created),
        MessageEdit edit => Edit(edit),
        MessageDeletion deletion => Delete(deletion),
        _ => throw new InvalidOperationException($"Nobody knows how to make a {write.GetType()}."),
    };

    private MessageView Create(NewMessage write)
    {
        var key = (write.PersonId, write.ClientMessageId);
        if (_sent.TryGetValue(key, out var first))
            return first;

        var (room, author) = GetPlace(write);
        room.LastSequence++;
        room.LastRevision++;
        var message = new Message
        {
            RoomId = room.Id,
            Sequence = room.LastSequence,
            Revision = room.LastRevision,
            AuthorId = write.PersonId,
            ClientMessageId = write.ClientMessageId,
            Markdown = write.Markdown,
            Html = write.Html,
            SentAt = _now,
        };
        _db.Add(message);
        author.Membership.LastReadSequence = message.Sequence;
        var view = MessageView.From(message, author.Name);
        _sent.Add(key, view);
        return view;
    }

    private MessageView Edit(MessageEdit write)
    {
        var (room, _) = GetPlace(write);
        var (message, authorName) = GetMessage(write);
        if (message.AuthorId != write.PersonId)
            throw new RefusedException(RefusalCode.Forbidden, "Only its author can edit a message.");
        if (message.DeletedAt is not null)
            throw new RefusedException(RefusalCode.NotFound, "This message was deleted.");

        if (message.Markdown != write.Markdown)
        {
            message.Revision = ++room.LastRevision;
            message.Markdown = write.Markdown;
            message.Html = write.Html;
            message.EditedAt = _now;
        }

        return MessageView.From(message, authorName);
    }

    private MessageView Delete(MessageDeletion write)
    {
        var (room, person) = GetPlace(write);
        var (message, authorName) = GetMessage(write);
        if (message.AuthorId != write.PersonId && person.Membership.Role != MembershipRole.Owner && !write.IsAdmin)
            throw new RefusedException(RefusalCode.Forbidden, "Only its author, the room's owner or an admin can delete a message.");

        if (message.DeletedAt is null)
        {
            message.Revision = ++room.LastRevision;
            message.Markdown = "";
            message.Html = "";
            message.DeletedAt = _now;
        }

        return MessageView.From(message, authorName);
    }

    private (Room Room, Member Person) GetPlace(MessageWrite write)
    {
        var room = _rooms.GetValueOrDefault(write.RoomId);
        if (room is not null && _members.TryGetValue((write.RoomId, write.PersonId), out var member))
            return (room, member);
        throw RoomDirectory.NotMember(room?.Kind, "Join the room to write in it.");
    }

    private Written GetMessage(MessageRewrite write) =>
        _messages.TryGetValue((write.RoomId, write.Sequence), out var message)
            ? message
            : throw new RefusedException(RefusalCode.NotFound, "There is no such message.");

    /// <summary>Who of those who write is a member where, with the name that readers see.</summary>
    private async Task ReadMembersAsync(int[] roomIds, IReadOnlyList<MessageWrite> writes, CancellationToken cancellationToken)
    {
        var personIds = writes.Select(write => write.PersonId).Distinct().ToArray();
        _members = await _db.Memberships
            .Where(membership => roomIds.Contains(membership.RoomId) && personIds.Contains(membership.UserId))
            .Select(membership => new Member(membership, membership.User!.DisplayName))
            .ToDictionaryAsync(member => (member.Membership.RoomId, member.Membership.UserId), cancellationToken);
    }

    private async Task ReadSentAsync(NewMessage[] writes, CancellationToken cancellationToken)
    {
        if (writes.Length == 0)
            return;
        var authorIds = writes.Select(write => write.PersonId).Distinct().ToArray();
        var ids = writes.Select(write => write.ClientMessageId).Distinct().ToArray();
        _sent = await _db.Messages.AsNoTracking()
            .Where(message => authorIds.Contains(message.AuthorId) && ids.Contains(message.ClientMessageId))
            .Select(MessageView.FromMessage)
            .ToDictionaryAsync(message => (message.AuthorId, message.ClientMessageId), cancellationToken);
    }

    private async Task ReadMessagesAsync(int roomId, long[] sequences, CancellationToken cancellationToken)
    {
        var messages = await _db.Messages
            .Where(message => message.RoomId == roomId && sequences.Contains(message.Sequence))
            .Select(message => new Written(message, message.Author!.DisplayName))
            .ToListAsync(cancellationToken);
        foreach (var message in messages)
            _messages.Add((roomId, message.Message.Sequence), message);
    }

    private sealed record Member(Membership Membership, string Name);

    private sealed record Written(Message Message, string AuthorName);
}
