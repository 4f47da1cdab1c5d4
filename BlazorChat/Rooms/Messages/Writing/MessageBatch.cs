using BlazorChat.Common;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>Decides the writes of one transaction, in order. Each write sees the changes of those before it.</summary>
internal sealed class MessageBatch(BatchRows rows, DateTime now)
{
    private readonly List<Message> _added = [];
    private readonly HashSet<Message> _scheduled = [];
    private readonly List<Attachment> _removed = [];
    private readonly List<Message> _rewritten = [];
    private readonly HashSet<int> _begun = [];
    private readonly BatchThreads _threads = new(rows, now);
    private readonly BatchReactions _reactions = new(rows);
    private readonly BatchPins _pins = new(rows, now);
    private readonly BatchPolls _polls = new(rows, now);
    private readonly BatchVersions _versions = new(now);
    private readonly BatchLinks _links = new(rows, now);

    /// <summary>The mentions that the writes add and remove.</summary>
    public MentionChanges Mentions { get; } = new();

    /// <summary>Hashes of the files of removed attachments.</summary>
    public IReadOnlyList<byte[]> RemovedFiles => [.. _removed.Select(attachment => attachment.Hash)];

    /// <summary>
    /// Direct rooms whose first message was sent. A repeated send counts too: the node of the first one may have stopped before it published.
    /// </summary>
    public IReadOnlyCollection<int> BegunRooms => _begun;

    /// <summary>Whether a row was added that may call people.</summary>
    public bool MayCall { get; private set; }

    /// <summary>Whether the author of a new message had read, by writing it, messages that devices show.</summary>
    public bool HasReadByWriting { get; private set; }

    /// <inheritdoc cref="BatchVersions.EndedReminders"/>
    public IReadOnlyList<EndedReminder> EndedReminders => _versions.EndedReminders;

    /// <summary>The number of links that were added and have to be looked up.</summary>
    public int NewLinks => _links.Added.Count;

    /// <summary>Replies that were edited and mention somebody whom they did not mention before.</summary>
    public IReadOnlyList<(int RoomId, long Root, long Number)> CallingReplies => _threads.Calling;

    /// <summary>Saves the changes of the writes.</summary>
    public async Task SaveAsync(MessageStore store, CancellationToken cancellationToken)
    {
        store.Db.RemoveRange(_removed);
        foreach (var (roomId, sequence, target) in Mentions.Removed)
        {
            var ofMessage = store.Db.Mentions.Where(mention => mention.RoomId == roomId && mention.Sequence == sequence);
            var kind = target.Kind;
            await ofMessage.Where(mention => mention.UserId == target.PersonId && mention.Kind == kind).ExecuteDeleteAsync(cancellationToken);
        }

        await _threads.AddFollowsAsync(store.Db, cancellationToken);
        await _reactions.SaveAsync(store.Db, cancellationToken);
        await _pins.SaveAsync(store.Db, cancellationToken);
        await _polls.SaveAsync(store.Db, cancellationToken);
        await _versions.SaveAsync(store.Db, cancellationToken);
        await _links.SaveAsync(store.Db, cancellationToken);
        var mentions = Mentions.Added;
        var calls = new BatchCalls(store, now);
        await calls.AddAsync(_added, cancellationToken);
        await calls.AddAsync(_rewritten, mentions, cancellationToken);
        MayCall = calls.Notifications.Count > 0;
        await store.SaveAsync(rows.Rooms.Values, rows.Members.Values, new NewRows(_added, mentions, calls.Notifications, _links.Added), cancellationToken);
        HasReadByWriting = await calls.ReadAsync(rows.Members.Values, cancellationToken) | await calls.ReadThreadsAsync(_added.Except(_scheduled), cancellationToken);
    }

    /// <summary>Applies one write and returns the message after it; null for a change of an attachment without a message.</summary>
    /// <exception cref="RefusedException">The person has no right to it, or what it changes does not exist.</exception>
    public MessageView? Apply(MessageWrite write) => write switch
    {
        NewMessage created => NoteBeginning(Create(created)),
        MessageEdit edit => Edit(edit),
        MessageDeletion deletion => Delete(deletion),
        ModeratorDeletion deletion => Delete(deletion),
        ReactionChange change => React(change),
        PinChange change => Pin(change),
        VoteChange change => Vote(change),
        PollClosing closing => Close(closing),
        PollEnd end => End(end),
        PreviewChange change => Change(change),
        PreviewRemoval removal => Remove(removal),
        ThumbnailChange change => Change(change),
        _ => throw new InvalidOperationException($"The batch cannot apply a {write.GetType()}."),
    };

    /// <summary>A message that <see cref="Apply"/> has returned, with what later writes of the batch changed without another revision. Called after the save.</summary>
    public MessageView Complete(MessageView message) => _polls.Show(_reactions.Show(message));

    internal static RefusedException Blank() => new(RefusalCode.Invalid, RoomTexts.Get("MessageBlank"));

    private MessageView Create(NewMessage write)
    {
        var key = (write.PersonId, write.ClientMessageId);
        if (rows.Sent.TryGetValue(key, out var first))
        {
            if (!IsRepeated(first, write))
                throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("MessageIdUsed"));
            Mentions.Repeat(first, rows.SentHere.GetValueOrDefault((first.RoomId, first.Sequence), []));
            return first with { RoomIsText = IsRoomText(first, write) };
        }

        var (room, author) = GetMember(write);
        var root = write.ThreadRoot is { } sequence ? GetRoot(write.RoomId, sequence) : null;
        var attachments = GetUnsent(write);
        var text = rows.Mentions.Resolve(room.Id, write.Html, before: "", MayMentionRoom(room, author));
        var poll = write.Poll is null ? null : BatchPolls.Create(write.Poll, now);
        room.LastRevision++;
        if (write.IsInRoom)
            room.LastSequence++;
        var message = new Message
        {
            RoomId = room.Id,
            Sequence = write.IsInRoom ? room.LastSequence : -room.LastRevision,
            ThreadRoot = write.ThreadRoot,
            ReplyNumber = root is null ? null : _threads.Reply(root, author),
            Revision = room.LastRevision,
            FirstRevision = room.LastRevision,
            AuthorId = write.PersonId,
            ClientMessageId = write.ClientMessageId,
            Markdown = write.Markdown,
            Html = text.Html,
            SentAt = now,
            Poll = poll,
            PollState = poll is null ? null : PollView.Of(poll).Format(),
        };
        Mentions.Add(message, had: [], text.Targets, write.Here);
        _links.Add(message, write.Links);
        _added.Add(message);
        if (write.IsScheduled)
            _scheduled.Add(message);
        else if (write.IsInRoom)
            author.LastSent = message.Sequence;
        if (root is not null)
            _threads.Follow(root, message, hasRead: !write.IsScheduled);
        foreach (var (position, attachment) in attachments.Index())
        {
            attachment.Position = position;
            message.Attachments.Add(attachment);
            rows.MessageOfAttachment.Add(attachment.Id, new StoredMessage(message, author.Author));
        }

        var view = View(message, author.Author, text.Targets) with { RoomIsText = text.RoomIsText };
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
        && first.ThreadRoot == write.ThreadRoot
        && first.IsInRoom == write.IsInRoom
        && (first is not { EditedAt: null, DeletedAt: null }
            || (first.Markdown == write.Markdown && first.Attachments.Select(attachment => attachment.Id).SequenceEqual(write.Attachments) && BatchPolls.IsOf(first.Poll, write.Poll)));

    /// <summary>Whether a repeated send has <c>@room</c> or <c>@here</c> that is not a mention in the stored message.</summary>
    private bool IsRoomText(MessageView first, NewMessage write) =>
        first is { EditedAt: null, DeletedAt: null }
        && rows.Mentions.Resolve(write.RoomId, write.Html, before: first.Html, mayMentionRoom: false).RoomIsText;

    private MessageView Edit(MessageEdit write)
    {
        var (room, member) = GetMember(write);
        var stored = rows.Messages.GetValueOrDefault((write.RoomId, write.Sequence));
        if (string.IsNullOrWhiteSpace(write.Markdown) && stored is not { Message.Attachments.Count: > 0 })
            throw Blank();
        var (message, author, _) = stored ?? throw NotFound();
        if (message.AuthorId != write.PersonId)
            throw new RefusedException(RefusalCode.Forbidden, RoomTexts.Get("EditForbidden"));
        if (message.DeletedAt is not null)
            throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("MessageDeleted"));

        var roomIsText = false;
        if (message.Markdown != write.Markdown)
        {
            BatchPolls.CheckEdit(message);
            message.Revision = ++room.LastRevision;
            _versions.Add(message);
            var before = message.Html;
            var text = rows.Mentions.Resolve(room.Id, write.Html, before, MayMentionRoom(room, member));
            Mentions.Add(message, MentionHtml.TargetsIn(before), text.Targets, write.Here);
            message.Markdown = write.Markdown;
            message.Html = text.Html;
            roomIsText = text.RoomIsText;
            message.EditedAt = now;
            _threads.Follow(message, before);
            _links.Replace(message, write.Links);
            _rewritten.Add(message);
        }

        return View(message, author) with { RoomIsText = roomIsText };
    }

    private MessageView Delete(MessageDeletion write)
    {
        var (room, person) = GetMember(write);
        var (message, author, _) = rows.Messages.GetValueOrDefault((write.RoomId, write.Sequence)) ?? throw NotFound();
        if (message.AuthorId != write.PersonId && room.Kind == RoomKind.Direct)
            throw new RefusedException(RefusalCode.Forbidden, RoomTexts.Get("DirectDeleteForbidden"));
        if (message.AuthorId != write.PersonId && person.Role != MembershipRole.Owner && !write.IsAdmin)
            throw new RefusedException(RefusalCode.Forbidden, RoomTexts.Get("DeleteForbidden"));

        Erase(message, room);
        return View(message, author);
    }

    private MessageView Delete(ModeratorDeletion write)
    {
        var (message, author, _) = rows.Messages.GetValueOrDefault((write.RoomId, write.Sequence)) ?? throw NotFound();
        Erase(message, rows.Rooms.GetValueOrDefault(write.RoomId) ?? throw NotFound());
        return View(message, author);
    }

    private void Erase(Message message, RoomNumbers room)
    {
        if (message.DeletedAt is not null)
            return;
        message.Revision = ++room.LastRevision;
        Mentions.Add(message, MentionHtml.TargetsIn(message.Html), has: [], here: []);
        _links.Clear(message);
        message.Markdown = "";
        message.Html = "";
        message.DeletedAt = now;
        _versions.Remove(message);
        _rewritten.Add(message);
        _removed.AddRange(message.Attachments);
        message.Attachments.Clear();
        _reactions.Clear(message);
        _pins.Clear(message);
        _polls.Clear(message);
    }

    private MessageView React(ReactionChange write)
    {
        var (room, _) = GetMember(write);
        var (message, author, _) = rows.Messages.GetValueOrDefault((write.RoomId, write.Sequence)) ?? throw NotFound();
        if (message.DeletedAt is not null)
            throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("ReactToDeleted"));
        _reactions.Apply(write, message, room);
        return View(message, author);
    }

    private MessageView Pin(PinChange write)
    {
        var (room, _) = GetMember(write);
        var (message, author, _) = rows.Messages.GetValueOrDefault((write.RoomId, write.Sequence)) ?? throw NotFound();
        if (message.DeletedAt is not null)
            throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("MessageDeleted"));
        _pins.Apply(write, message, room);
        return View(message, author);
    }

    private MessageView Vote(VoteChange write)
    {
        var (room, _) = GetMember(write);
        var (message, author) = GetPoll(write);
        _polls.Vote(write, message, room);
        return View(message, author);
    }

    private MessageView Close(PollClosing write)
    {
        var (room, person) = GetMember(write);
        var (message, author) = GetPoll(write);
        if (message.AuthorId != write.PersonId && (room.Kind == RoomKind.Direct || person.Role != MembershipRole.Owner))
            throw new RefusedException(RefusalCode.Forbidden, RoomTexts.Get("PollEndForbidden"));
        _polls.End(message, room);
        return View(message, author);
    }

    private MessageView? End(PollEnd write)
    {
        if (rows.Rooms.GetValueOrDefault(write.RoomId) is not { } room || rows.Messages.GetValueOrDefault((write.RoomId, write.Sequence)) is not { } stored || !_polls.IsDue(stored.Message))
            return null;
        _polls.End(stored.Message, room);
        return View(stored.Message, stored.Author);
    }

    private (Message Message, MessageAuthor Author) GetPoll(IMessageRewrite write)
    {
        var (message, author, _) = rows.Messages.GetValueOrDefault((write.RoomId, write.Sequence)) ?? throw NotFound();
        if (message.DeletedAt is not null)
            throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("MessageDeleted"));
        return message.PollState is null ? throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("PollMissing")) : (message, author);
    }

    private MessageView Remove(PreviewRemoval write)
    {
        var (room, person) = GetMember(write);
        var (message, author, _) = rows.Messages.GetValueOrDefault((write.RoomId, write.Sequence)) ?? throw NotFound();
        var mayRemoveAll = room.Kind != RoomKind.Direct && (person.Role == MembershipRole.Owner || write.IsAdmin);
        if (message.AuthorId != write.PersonId && !mayRemoveAll)
            throw new RefusedException(RefusalCode.Forbidden, RoomTexts.Get("PreviewRemoveForbidden"));
        if (message.DeletedAt is not null)
            throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("MessageDeleted"));
        _links.Apply(write, message, room);
        return View(message, author);
    }

    private MessageView Change(PreviewChange write)
    {
        var (message, author, _) = rows.Messages.GetValueOrDefault((write.RoomId, write.Sequence)) ?? throw NotFound();
        _links.Apply(write, message, rows.Rooms[write.RoomId]);
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

    private MessageView View(Message message, MessageAuthor author) => View(message, author, MentionHtml.TargetsIn(message.Html));

    private MessageView View(Message message, MessageAuthor author, IReadOnlyList<MentionTarget> targets)
    {
        var view = _threads.Show(MessageView.From(message, author));
        if (_pins.Find(message) is { } pin)
            view = view with { Pin = pin };
        if (view.Reactions is { } reactions)
            view = view with { Reactions = ReactionView.With(reactions, rows.People) };
        if (view.Poll is { } poll)
            view = view with { Poll = poll.With(rows.People) };
        return rows.Mentions.PeopleIn(targets) is { } people ? view with { Mentions = people } : view;
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

    /// <summary>The message of a room that one can reply to.</summary>
    private Message GetRoot(int roomId, long sequence)
    {
        if (rows.Messages.GetValueOrDefault((roomId, sequence)) is not { Message: var root })
            throw NotFound();
        if (root.ThreadRoot is not null)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("ReplyToReply"));
        if (root.DeletedAt is not null)
            throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("ReplyToDeleted"));
        return root;
    }

    private static bool MayMentionRoom(RoomNumbers room, RoomMember author) => !room.OnlyOwnersMentionRoom || author.Role == MembershipRole.Owner;

    private static RefusedException NotFound() => new(RefusalCode.NotFound, RoomTexts.Get("MessageNotFound"));
}
