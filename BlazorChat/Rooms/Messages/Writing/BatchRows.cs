using System.Linq.Expressions;
using BlazorChat.Data.Entities;
using BlazorChat.Rooms.Mentions;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>A message with its attachments, tracked by the context of the store.</summary>
internal sealed record StoredMessage(Message Message, MessageAuthor Author);

/// <summary>The rows that the writes of a batch need, read by few queries.</summary>
internal sealed class BatchRows
{
    /// <summary>The most rooms in one query.</summary>
    private const int MaxLinkKeys = 256;

    private readonly MessageStore _store;

    private BatchRows(MessageStore store) => _store = store;

    public required Dictionary<int, RoomNumbers> Rooms { get; init; }

    public required Dictionary<(int RoomId, int UserId), RoomMember> Members { get; init; }

    /// <summary>Messages that were sent already, by the ids that their authors chose.</summary>
    public Dictionary<(int AuthorId, Guid ClientMessageId), MessageView> Sent { get; private set; } = [];

    /// <summary>Messages to edit or delete, and those that have one of <see cref="Attachments"/>.</summary>
    public Dictionary<(int RoomId, long Sequence), StoredMessage> Messages { get; } = [];

    /// <summary>The messages by the ids of their attachments.</summary>
    public Dictionary<Guid, StoredMessage> MessageOfAttachment { get; } = [];

    /// <summary>The people and rooms that the messages mention.</summary>
    public MentionLookup Mentions { get; } = new();

    private Dictionary<Guid, Attachment> Attachments { get; set; } = [];

    /// <summary>Locks the rooms of the writes and reads the rows.</summary>
    public static async Task<BatchRows> ReadAsync(MessageStore store, IReadOnlyList<MessageWrite> writes, CancellationToken cancellationToken)
    {
        var roomIds = writes.Select(write => write.RoomId).Distinct().Order().ToArray();
        var memberKeys = writes.OfType<MemberWrite>().Select(write => (write.RoomId, write.PersonId)).ToHashSet();
        var rows = new BatchRows(store)
        {
            Rooms = (await store.LockRoomsAsync(roomIds, cancellationToken)).ToDictionary(room => room.Id),
            Members = (await store.ReadMembersAsync(memberKeys, cancellationToken)).ToDictionary(member => (member.RoomId, member.UserId)),
        };
        var sentKeys = writes.OfType<NewMessage>().Select(write => (write.PersonId, write.ClientMessageId)).ToHashSet();
        if (sentKeys.Count > 0)
        {
            var sent = await MentionNames.AddAsync(store.Db, await store.ReadSentAsync(sentKeys, cancellationToken), cancellationToken);
            rows.Sent = sent.ToDictionary(message => (message.AuthorId, message.ClientMessageId));
        }

        await rows.ReadAttachmentsAsync(writes, cancellationToken);
        foreach (var room in writes.OfType<IMessageRewrite>().GroupBy(write => write.RoomId, write => write.Sequence))
        {
            var (roomId, sequences) = (room.Key, room.Distinct().ToArray());
            await rows.ReadMessagesAsync(message => message.RoomId == roomId && sequences.Contains(message.Sequence), cancellationToken);
        }

        await rows.ReadMentionsAsync(writes, cancellationToken);
        return rows;
    }

    /// <summary>An attachment of the write's room; another write of the batch may name one of another room.</summary>
    public Attachment? FindAttachment(MessageWrite write, Guid attachmentId) =>
        Attachments.GetValueOrDefault(attachmentId) is { } attachment && attachment.PlaceId == write.RoomId ? attachment : null;

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
        Attachments = attachments
            .Where(attachment => named.Contains((attachment.PlaceId, attachment.Id)))
            .ToDictionary(attachment => attachment.Id);
        var messageIds = Attachments.Values.Select(attachment => attachment.MessageId).OfType<long>().Distinct().ToArray();
        if (messageIds.Length > 0)
            await ReadMessagesAsync(message => messageIds.Contains(message.Id), cancellationToken);
    }

    /// <summary>Looks up the handles and rooms in the texts of the writes, and the people that stored messages mention.</summary>
    private async Task ReadMentionsAsync(IReadOnlyList<MessageWrite> writes, CancellationToken cancellationToken)
    {
        HashSet<(int RoomId, string Handle)> handles = [];
        HashSet<string> linked = [];
        foreach (var write in writes)
        {
            if (write is not TextWrite { Html: var html } || !MentionHtml.HasMarks(html))
                continue;
            handles.UnionWith(MentionLookup.FindHandles(html).Select(handle => (write.RoomId, handle)));
            linked.UnionWith(MentionLookup.FindRooms(html));
        }

        if (handles.Count > 0)
        {
            foreach (var owner in await _store.ReadHandlesAsync(handles, cancellationToken))
                Mentions.Add(owner);
        }

        foreach (var keys in linked.Chunk(MaxLinkKeys))
        {
            // A link to a private room would reveal its name to readers of this one.
            var rooms = await _store.Db.Rooms.AsNoTracking()
                .Where(room => room.Kind == RoomKind.Open && keys.Contains(room.LinkKey))
                .Select(room => new LinkableRoom(room.Id, room.Name, room.LinkKey))
                .ToListAsync(cancellationToken);
            rooms.ForEach(Mentions.Add);
        }

        if (Messages.Count > 0)
            await MentionNames.ReadAsync(_store.Db, Mentions, Messages.Values.Select(stored => stored.Message.Html), cancellationToken);
    }

    private async Task ReadMessagesAsync(Expression<Func<Message, bool>> predicate, CancellationToken cancellationToken)
    {
        var messages = await _store.Db.Messages
            .Where(predicate)
            .Select(message => new StoredMessage(message, new MessageAuthor(message.Author!.DisplayName, message.Author.AvatarId, message.Author.Roles.Any(), message.Author.Handle)))
            .ToListAsync(cancellationToken);
        var ids = messages.Select(message => (long?)message.Message.Id).ToArray();
        // The context adds the attachments that it loads to the messages that it tracks.
        await _store.Db.Attachments.Where(attachment => ids.Contains(attachment.MessageId)).LoadAsync(cancellationToken);
        foreach (var message in messages)
        {
            Messages[(message.Message.RoomId, message.Message.Sequence)] = message;
            foreach (var attachment in message.Message.Attachments)
                MessageOfAttachment[attachment.Id] = message;
        }
    }
}
