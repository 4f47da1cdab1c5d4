using BlazorChat.Common;
using BlazorChat.Data.Entities;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Mentions;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>Decides the writes of one transaction, in order. Each write sees the changes of those before it.</summary>
internal sealed class MessageBatch(BatchRows rows, DateTime now)
{
    private readonly List<Message> _added = [];
    private readonly List<Attachment> _removed = [];
    private readonly HashSet<int> _begun = [];

    /// <summary>The mentions that the writes add and remove.</summary>
    public MentionChanges Mentions { get; } = new();

    /// <summary>Hashes of the files of removed attachments.</summary>
    public IReadOnlyList<byte[]> RemovedFiles => [.. _removed.Select(attachment => attachment.Hash)];

    /// <summary>
    /// Direct rooms whose first message was sent. A repeated send counts too: the node of the first one may have stopped before it published.
    /// </summary>
    public IReadOnlyCollection<int> BegunRooms => _begun;

    /// <summary>Saves the changes of the writes.</summary>
    public async Task SaveAsync(MessageStore store, CancellationToken cancellationToken)
    {
        store.Db.RemoveRange(_removed);
        foreach (var (roomId, sequence, target) in Mentions.Removed)
        {
            await store.Db.Mentions
                .Where(mention => mention.RoomId == roomId && mention.Sequence == sequence && mention.UserId == target.PersonId)
                .ExecuteDeleteAsync(cancellationToken);
        }

        await store.SaveAsync(rows.Rooms.Values, rows.Members.Values, _added, Mentions.Added, cancellationToken);
    }

    /// <summary>Applies one write and returns the message after it; null for a change of an attachment without a message.</summary>
    /// <exception cref="RefusedException">The person has no right to it, or what it changes does not exist.</exception>
    public MessageView? Apply(MessageWrite write) => write switch
    {
        NewMessage created => NoteBeginning(Create(created)),
        MessageEdit edit => Edit(edit),
        MessageDeletion deletion => Delete(deletion),
        ThumbnailChange change => Change(change),
        _ => throw new InvalidOperationException($"The batch cannot apply a {write.GetType()}."),
    };

    internal static RefusedException Blank() => new(RefusalCode.Invalid, RoomTexts.Get("MessageBlank"));

    private MessageView Create(NewMessage write)
    {
        var key = (write.PersonId, write.ClientMessageId);
        if (rows.Sent.TryGetValue(key, out var first))
        {
            if (!IsRepeated(first, write))
                throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("MessageIdUsed"));
            Mentions.Repeat(first);
            return first;
        }

        var (room, author) = GetMember(write);
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
            Html = rows.Mentions.Resolve(room.Id, write.Html, before: ""),
            SentAt = now,
        };
        Mentions.Add(message, before: "", after: message.Html);
        _added.Add(message);
        author.LastSent = message.Sequence;
        foreach (var (position, attachment) in attachments.Index())
        {
            attachment.Position = position;
            message.Attachments.Add(attachment);
            rows.MessageOfAttachment.Add(attachment.Id, new StoredMessage(message, author.Author));
        }

        var view = View(message, author.Author);
        rows.Sent.Add(key, view);
        return view;
    }

    private MessageView NoteBeginning(MessageView sent)
    {
        if (sent.Sequence == 1 && rows.Rooms[sent.RoomId].Kind == RoomKind.Direct)
            _begun.Add(sent.RoomId);
        return sent;
    }

    /// <summary>Whether a send repeats the first one. The first text of an edited or deleted message is not stored, so it matches every text.</summary>
    private static bool IsRepeated(MessageView first, NewMessage write) =>
        first.RoomId == write.RoomId
        && (first is not { EditedAt: null, DeletedAt: null }
            || (first.Markdown == write.Markdown && first.Attachments.Select(attachment => attachment.Id).SequenceEqual(write.Attachments)));

    private MessageView Edit(MessageEdit write)
    {
        var (room, _) = GetMember(write);
        var stored = rows.Messages.GetValueOrDefault((write.RoomId, write.Sequence));
        if (string.IsNullOrWhiteSpace(write.Markdown) && stored is not { Message.Attachments.Count: > 0 })
            throw Blank();
        var (message, author) = stored ?? throw NotFound();
        if (message.AuthorId != write.PersonId)
            throw new RefusedException(RefusalCode.Forbidden, RoomTexts.Get("EditForbidden"));
        if (message.DeletedAt is not null)
            throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("MessageDeleted"));

        if (message.Markdown != write.Markdown)
        {
            message.Revision = ++room.LastRevision;
            var (before, after) = (message.Html, rows.Mentions.Resolve(room.Id, write.Html, message.Html));
            Mentions.Add(message, before, after);
            message.Markdown = write.Markdown;
            message.Html = after;
            message.EditedAt = now;
        }

        return View(message, author);
    }

    private MessageView Delete(MessageDeletion write)
    {
        var (room, person) = GetMember(write);
        var (message, author) = rows.Messages.GetValueOrDefault((write.RoomId, write.Sequence)) ?? throw NotFound();
        if (message.AuthorId != write.PersonId && room.Kind == RoomKind.Direct)
            throw new RefusedException(RefusalCode.Forbidden, RoomTexts.Get("DirectDeleteForbidden"));
        if (message.AuthorId != write.PersonId && person.Role != MembershipRole.Owner && !write.IsAdmin)
            throw new RefusedException(RefusalCode.Forbidden, RoomTexts.Get("DeleteForbidden"));

        if (message.DeletedAt is null)
        {
            message.Revision = ++room.LastRevision;
            Mentions.Add(message, before: message.Html, after: "");
            message.Markdown = "";
            message.Html = "";
            message.DeletedAt = now;
            _removed.AddRange(message.Attachments);
            message.Attachments.Clear();
        }

        return View(message, author);
    }

    private MessageView? Change(ThumbnailChange write)
    {
        if (rows.FindAttachment(write, write.AttachmentId) is not { } attachment)
            return null;
        var isNew = attachment.Thumbnails == ThumbnailState.Pending;
        if (!isNew && attachment.Thumbnails != write.State)
            return null;
        attachment.Thumbnails = write.State;
        if (!rows.MessageOfAttachment.TryGetValue(attachment.Id, out var sent) || sent.Message.DeletedAt is not null)
            return null;
        // A repeated change is published again without a new revision, like a repeated send.
        if (isNew)
            sent.Message.Revision = ++rows.Rooms[write.RoomId].LastRevision;
        return View(sent.Message, sent.Author);
    }

    private MessageView View(Message message, MessageAuthor author)
    {
        var view = MessageView.From(message, author);
        return rows.Mentions.PeopleIn(message.Html) is { } people ? view with { Mentions = people } : view;
    }

    /// <summary>The attachments of a new message, if all are unsent uploads of its author.</summary>
    private Attachment[] GetUnsent(NewMessage write)
    {
        var attachments = write.Attachments
            .Select(id => rows.FindAttachment(write, id))
            .OfType<Attachment>()
            .Where(attachment => attachment.UploaderId == write.PersonId && !rows.MessageOfAttachment.ContainsKey(attachment.Id))
            .ToArray();
        return attachments.Length == write.Attachments.Count
            ? attachments
            : throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("FileMissing"));
    }

    /// <summary>The room of a write and the person, who may change its messages.</summary>
    private (RoomNumbers Room, RoomMember Member) GetMember(MemberWrite write)
    {
        var room = rows.Rooms.GetValueOrDefault(write.RoomId);
        if (room is null || !rows.Members.TryGetValue((write.RoomId, write.PersonId), out var member))
            throw RoomDirectory.NotMember(room?.Kind);
        return room.IsArchived ? throw RoomDirectory.Archived() : (room, member);
    }

    private static RefusedException NotFound() => new(RefusalCode.NotFound, RoomTexts.Get("MessageNotFound"));
}
