using System.Linq.Expressions;
using BlazorChat.Common;
using BlazorChat.Data.Entities;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>
/// Several writes in one transaction: what they need is read at once, and each one sees what those before it have changed.
/// </summary>
internal sealed class MessageBatch
{
    private readonly MessageStore _store;
    private readonly DateTime _now;
    private readonly Dictionary<(int RoomId, long Sequence), Written> _messages = [];
    private readonly Dictionary<Guid, Written> _sentWith = [];
    private readonly List<Message> _added = [];
    private readonly List<byte[]> _removedFiles = [];
    private Dictionary<Guid, Attachment> _attachments = [];
    private Dictionary<int, RoomNumbers> _roomNumbers = [];
    private Dictionary<(int RoomId, int UserId), RoomMember> _members = [];
    private Dictionary<(int AuthorId, Guid ClientMessageId), MessageView> _sent = [];

    private MessageBatch(MessageStore store, DateTime now)
    {
        _store = store;
        _now = now;
    }

    /// <summary>Locks the rooms of the writes and reads what these are about.</summary>
    public static async Task<MessageBatch> ReadAsync(
        MessageStore store, IReadOnlyList<MessageWrite> writes, DateTime now, CancellationToken cancellationToken)
    {
        var batch = new MessageBatch(store, now);
        var roomIds = writes.Select(write => write.RoomId).Distinct().Order().ToArray();
        batch._roomNumbers = (await store.LockRoomsAsync(roomIds, cancellationToken)).ToDictionary(room => room.Id);
        var places = writes.OfType<PersonsWrite>().Select(write => (write.RoomId, write.PersonId)).ToHashSet();
        batch._members = (await store.ReadMembersAsync(places, cancellationToken)).ToDictionary(member => (member.RoomId, member.UserId));
        var sent = writes.OfType<NewMessage>().Select(write => (write.PersonId, write.ClientMessageId)).ToHashSet();
        if (sent.Count > 0)
            batch._sent = (await store.ReadSentAsync(sent, cancellationToken)).ToDictionary(message => (message.AuthorId, message.ClientMessageId));
        await batch.ReadAttachmentsAsync(writes, cancellationToken);
        foreach (var room in writes.OfType<MessageRewrite>().GroupBy(write => write.RoomId, write => write.Sequence))
        {
            var (roomId, sequences) = (room.Key, room.Distinct().ToArray());
            await batch.ReadMessagesAsync(message => message.RoomId == roomId && sequences.Contains(message.Sequence), cancellationToken);
        }

        return batch;
    }

    /// <summary>Hashes of the files whose attachments are gone with their messages.</summary>
    public IReadOnlyList<byte[]> RemovedFiles => _removedFiles;

    /// <summary>Writes what the writes have changed.</summary>
    public Task SaveAsync(CancellationToken cancellationToken) => _store.SaveAsync(_roomNumbers.Values, _members.Values, _added, cancellationToken);

    /// <summary>Makes one write; the message as it is then, or null for a write that is about none.</summary>
    /// <exception cref="RefusedException">This person may not, or there is nothing to change.</exception>
    public MessageView? Apply(MessageWrite write) => write switch
    {
        NewMessage created => Create(created),
        MessageEdit edit => Edit(edit),
        MessageDeletion deletion => Delete(deletion),
        ThumbnailChange change => Change(change),
        _ => throw new InvalidOperationException($"Nobody knows how to make a {write.GetType()}."),
    };

    private MessageView Create(NewMessage write)
    {
        var key = (write.PersonId, write.ClientMessageId);
        if (_sent.TryGetValue(key, out var first))
            return IsRepeated(first, write) ? first : throw new RefusedException(RefusalCode.Conflict, "Another message was sent with this id.");

        var (room, author) = GetPlace(write);
        var attachments = GetUnsent(write);
        room.LastSequence++;
        room.LastRevision++;
        var message = new Message
        {
            RoomId = room.Id,
            Sequence = room.LastSequence,
            Revision = room.LastRevision,
            FirstRevision = room.LastRevision,
            AuthorId = write.PersonId,
            ClientMessageId = write.ClientMessageId,
            Markdown = write.Markdown,
            Html = write.Html,
            SentAt = _now,
        };
        _added.Add(message);
        author.LastSent = message.Sequence;
        foreach (var (position, attachment) in attachments.Index())
        {
            attachment.Position = position;
            message.Attachments.Add(attachment);
            _sentWith.Add(attachment.Id, new Written(message, author.Author));
        }

        var view = MessageView.From(message, author.Author);
        _sent.Add(key, view);
        return view;
    }

    /// <summary>The text of a message that was edited or deleted since is gone, so nothing tells it from the one that is sent again.</summary>
    private static bool IsRepeated(MessageView first, NewMessage write) =>
        first.RoomId == write.RoomId
        && (first is not { EditedAt: null, DeletedAt: null }
            || (first.Markdown == write.Markdown && first.Attachments.Select(attachment => attachment.Id).SequenceEqual(write.Attachments)));

    internal static RefusedException Blank() => new(RefusalCode.Invalid, "Write something first.");

    private MessageView Edit(MessageEdit write)
    {
        var (room, _) = GetPlace(write);
        if (string.IsNullOrWhiteSpace(write.Markdown) && !HasAttachments(write))
            throw Blank();
        var (message, messageAuthor) = GetMessage(write);
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

        return MessageView.From(message, messageAuthor);
    }

    private MessageView Delete(MessageDeletion write)
    {
        var (room, person) = GetPlace(write);
        var (message, messageAuthor) = GetMessage(write);
        if (message.AuthorId != write.PersonId && person.Role != MembershipRole.Owner && !write.IsAdmin)
            throw new RefusedException(RefusalCode.Forbidden, "Only its author, the room's owner or an admin can delete a message.");

        if (message.DeletedAt is null)
        {
            message.Revision = ++room.LastRevision;
            message.Markdown = "";
            message.Html = "";
            message.DeletedAt = _now;
            _removedFiles.AddRange(message.Attachments.Select(attachment => attachment.Hash));
            _store.Db.RemoveRange(message.Attachments);
            message.Attachments.Clear();
        }

        return MessageView.From(message, messageAuthor);
    }

    private MessageView? Change(ThumbnailChange write)
    {
        if (Find(write, write.AttachmentId) is not { } attachment)
            return null;
        var isNew = attachment.Thumbnails == ThumbnailState.Pending;
        if (!isNew && attachment.Thumbnails != write.State)
            return null;
        attachment.Thumbnails = write.State;
        if (!_sentWith.TryGetValue(attachment.Id, out var sent) || sent.Message.DeletedAt is not null)
            return null;
        // What was so already is published again, like a message that was sent before.
        if (isNew)
            sent.Message.Revision = ++_roomNumbers[write.RoomId].LastRevision;
        return MessageView.From(sent.Message, sent.Author);
    }

    /// <summary>An attachment of the write's room; another write of the batch may be about one of another room.</summary>
    private Attachment? Find(MessageWrite write, Guid attachmentId) =>
        _attachments.GetValueOrDefault(attachmentId) is { } attachment && attachment.PlaceId == write.RoomId ? attachment : null;

    /// <summary>What the author has uploaded for the message.</summary>
    private Attachment[] GetUnsent(NewMessage write)
    {
        var attachments = write.Attachments
            .Select(id => Find(write, id))
            .OfType<Attachment>()
            .Where(attachment => attachment.UploaderId == write.PersonId && !_sentWith.ContainsKey(attachment.Id))
            .ToArray();
        return attachments.Length == write.Attachments.Count
            ? attachments
            : throw new RefusedException(RefusalCode.NotFound, "A file is not there any more: attach it again.");
    }

    private (RoomNumbers Room, RoomMember Person) GetPlace(PersonsWrite write)
    {
        var room = _roomNumbers.GetValueOrDefault(write.RoomId);
        if (room is not null && _members.TryGetValue((write.RoomId, write.PersonId), out var member))
            return (room, member);
        throw RoomDirectory.NotMember(room?.Kind, "Join the room to write in it.");
    }

    private Written GetMessage(MessageRewrite write) =>
        _messages.TryGetValue((write.RoomId, write.Sequence), out var message)
            ? message
            : throw new RefusedException(RefusalCode.NotFound, "There is no such message.");

    private bool HasAttachments(MessageRewrite write) =>
        _messages.TryGetValue((write.RoomId, write.Sequence), out var written) && written.Message.Attachments.Count > 0;

    /// <summary>Reads the attachments that the writes name, with the messages that have them already.</summary>
    private async Task ReadAttachmentsAsync(IReadOnlyList<MessageWrite> writes, CancellationToken cancellationToken)
    {
        var named = writes.SelectMany(write => write switch
        {
            NewMessage created => created.Attachments.Select(id => (write.RoomId, Id: id)),
            ThumbnailChange change => [(write.RoomId, Id: change.AttachmentId)],
            _ => [],
        }).ToHashSet();
        if (named.Count == 0)
            return;
        var ids = named.Select(name => name.Id).Distinct().ToArray();
        var attachments = await _store.Db.Attachments
            .Where(attachment => attachment.Place == AttachmentPlace.Room && ids.Contains(attachment.Id))
            .ToListAsync(cancellationToken);
        _attachments = attachments
            .Where(attachment => named.Contains((attachment.PlaceId, attachment.Id)))
            .ToDictionary(attachment => attachment.Id);
        var sentWith = _attachments.Values.Select(attachment => attachment.MessageId).OfType<long>().Distinct().ToArray();
        if (sentWith.Length > 0)
            await ReadMessagesAsync(message => sentWith.Contains(message.Id), cancellationToken);
    }

    /// <summary>Reads messages with their attachments.</summary>
    private async Task ReadMessagesAsync(Expression<Func<Message, bool>> which, CancellationToken cancellationToken)
    {
        var messages = await _store.Db.Messages
            .Where(which)
            .Select(message => new Written(message, new MessageAuthor(message.Author!.DisplayName, message.Author.AvatarId, message.Author.Roles.Any())))
            .ToListAsync(cancellationToken);
        var ids = messages.Select(message => (long?)message.Message.Id).ToArray();
        // What is read here is put into the messages by the context that has read both.
        await _store.Db.Attachments.Where(attachment => ids.Contains(attachment.MessageId)).LoadAsync(cancellationToken);
        foreach (var message in messages)
        {
            _messages[(message.Message.RoomId, message.Message.Sequence)] = message;
            foreach (var attachment in message.Message.Attachments)
                _sentWith[attachment.Id] = message;
        }
    }

    private sealed record Written(Message Message, MessageAuthor Author);
}
