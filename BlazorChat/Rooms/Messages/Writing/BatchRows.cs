using System.Linq.Expressions;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Links;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Markup;
using BlazorChat.Rooms.Mentions;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>A message with its attachments, tracked by the context of the store.</summary>
internal sealed record StoredMessage(Message Message, MessageAuthor Author, PinView? Pin = null);

/// <summary>A person's reaction to a message.</summary>
internal readonly record struct ReactionKey(int RoomId, long Sequence, int UserId, string Emoji);

/// <summary>A person's vote in a poll.</summary>
internal readonly record struct VoteKey(long MessageId, int UserId);

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

    /// <summary>The people whom messages of <see cref="Sent"/> mention by <c>@here</c>.</summary>
    public Dictionary<(int RoomId, long Sequence), IReadOnlyList<int>> SentHere { get; } = [];

    /// <summary>Messages to edit, to delete or to reply to, and those that have one of <see cref="Attachments"/>.</summary>
    public Dictionary<(int RoomId, long Sequence), StoredMessage> Messages { get; } = [];

    /// <summary>The messages by the ids of their attachments.</summary>
    public Dictionary<Guid, StoredMessage> MessageOfAttachment { get; } = [];

    /// <summary>The people who replied last in the threads of <see cref="Messages"/>, and who reacted to them or voted.</summary>
    public Dictionary<int, MessageAuthor> People { get; } = [];

    /// <summary>The stored reactions of the people of the writes to <see cref="Messages"/>.</summary>
    public HashSet<ReactionKey> Reactions { get; } = [];

    /// <summary>The stored votes of the people of the writes in polls of <see cref="Messages"/>: ascending numbers of options.</summary>
    public Dictionary<VoteKey, IReadOnlyList<int>> Votes { get; private set; } = [];

    /// <summary>How many messages are pinned, by room, where a write pins one.</summary>
    public Dictionary<int, int> PinCounts { get; } = [];

    /// <summary>The stored links of messages that are edited, or whose previews change, tracked by the context of the store.</summary>
    private readonly Dictionary<(int RoomId, long Sequence), List<MessageLink>> _links = [];

    /// <summary>How many stored links wait for their previews, by author, of those whose writes have links.</summary>
    private Dictionary<int, int> _waiting = [];

    /// <summary>The people and rooms that the messages mention.</summary>
    public MentionLookup Mentions { get; } = new();

    private Dictionary<Guid, Attachment> Attachments { get; set; } = [];

    /// <summary>Locks the rooms of the writes and reads the rows.</summary>
    /// <param name="store">In a transaction.</param>
    /// <param name="writes">Of any rooms.</param>
    /// <param name="cancellationToken">Ends the queries.</param>
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
            await rows.ReadSentHereAsync(cancellationToken);
        }

        await rows.ReadAttachmentsAsync(writes, cancellationToken);
        var named = writes.OfType<IMessageRewrite>().Select(write => (write.RoomId, write.Sequence))
            .Concat(writes.OfType<NewMessage>().Where(write => write.ThreadRoot is not null).Select(write => (write.RoomId, Sequence: write.ThreadRoot!.Value)));
        foreach (var room in named.GroupBy(name => name.RoomId, name => name.Sequence))
        {
            var (roomId, sequences) = (room.Key, room.Distinct().ToArray());
            await rows.ReadMessagesAsync(message => message.RoomId == roomId && sequences.Contains(message.Sequence), cancellationToken);
        }

        await rows.ReadReactionsAsync(writes, cancellationToken);
        await rows.ReadVotesAsync(writes, cancellationToken);
        await rows.CountPinsAsync(writes, cancellationToken);
        await rows.ReadLinksAsync(writes, cancellationToken);
        await rows.CountWaitingAsync(writes, cancellationToken);
        await rows.ReadMentionsAsync(writes, cancellationToken);
        return rows;
    }

    /// <summary>The links of a message after the writes so far, which change the list.</summary>
    public List<MessageLink> LinksOf(Message message)
    {
        if (!_links.TryGetValue((message.RoomId, message.Sequence), out var links))
            _links[(message.RoomId, message.Sequence)] = links = [];
        return links;
    }

    /// <summary>Whether another link of a person may wait for its preview; if so, it counts.</summary>
    public bool TryWait(int authorId)
    {
        var waiting = _waiting.GetValueOrDefault(authorId);
        if (waiting >= MessageLink.MaxWaiting)
            return false;
        _waiting[authorId] = waiting + 1;
        return true;
    }

    /// <summary>Adds those of people to <see cref="People"/> who are not there.</summary>
    public async Task ReadPeopleAsync(IEnumerable<int> personIds, CancellationToken cancellationToken)
    {
        foreach (var (id, person) in await ThreadStates.ReadPeopleAsync(_store.Db, personIds.Where(id => !People.ContainsKey(id)), cancellationToken))
            People[id] = person;
    }

    /// <summary>An attachment of the write's room; another write of the batch may name one of another room.</summary>
    public Attachment? FindAttachment(MessageWrite write, Guid attachmentId) =>
        Attachments.GetValueOrDefault(attachmentId) is { } attachment && attachment.OwnerId == write.RoomId ? attachment : null;

    private async Task ReadSentHereAsync(CancellationToken cancellationToken)
    {
        foreach (var message in Sent.Values.Where(message => MentionHtml.MentionsHere(message.Html)))
        {
            var (roomId, sequence) = (message.RoomId, message.Sequence);
            SentHere[(roomId, sequence)] = await _store.Db.Mentions
                .Where(mention => mention.RoomId == roomId && mention.Sequence == sequence && mention.Kind == MentionKind.Here)
                .Select(mention => mention.Here)
                .FirstOrDefaultAsync(cancellationToken) ?? [];
        }
    }

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
            .Where(attachment => attachment.Owner == AttachmentOwner.Room && ids.Contains(attachment.Id))
            .ToListAsync(cancellationToken);
        Attachments = attachments
            .Where(attachment => named.Contains((attachment.OwnerId, attachment.Id)))
            .ToDictionary(attachment => attachment.Id);
        var messageIds = Attachments.Values.Select(attachment => attachment.MessageId).OfType<long>().Distinct().ToArray();
        if (messageIds.Length > 0)
            await ReadMessagesAsync(message => messageIds.Contains(message.Id), cancellationToken);
    }

    private async Task ReadReactionsAsync(IReadOnlyList<MessageWrite> writes, CancellationToken cancellationToken)
    {
        var changes = writes.OfType<ReactionChange>()
            .Where(change => Messages.GetValueOrDefault((change.RoomId, change.Sequence)) is { Message.Reactions: not null });
        foreach (var room in changes.GroupBy(change => change.RoomId))
        {
            var (roomId, sequences) = (room.Key, room.Select(change => change.Sequence).Distinct().ToArray());
            var userIds = room.Select(change => change.PersonId).Distinct().ToArray();
            var stored = await _store.Db.Reactions.AsNoTracking()
                .Where(reaction => reaction.RoomId == roomId && sequences.Contains(reaction.Sequence) && userIds.Contains(reaction.UserId))
                .Select(reaction => new ReactionKey(reaction.RoomId, reaction.Sequence, reaction.UserId, reaction.Emoji))
                .ToListAsync(cancellationToken);
            Reactions.UnionWith(stored);
        }
    }

    private async Task ReadVotesAsync(IReadOnlyList<MessageWrite> writes, CancellationToken cancellationToken)
    {
        var keys = writes.OfType<VoteChange>()
            .Select(change => (Message: Messages.GetValueOrDefault((change.RoomId, change.Sequence))?.Message, change.PersonId))
            .Where(change => change.Message is { PollState: not null })
            .Select(change => new VoteKey(change.Message!.Id, change.PersonId))
            .Distinct()
            .ToArray();
        if (keys.Length == 0)
            return;
        var (messageIds, userIds) = (keys.Select(key => key.MessageId).Distinct().ToArray(), keys.Select(key => key.UserId).Distinct().ToArray());
        var stored = await _store.Db.PollVotes.AsNoTracking()
            .Where(vote => messageIds.Contains(vote.MessageId) && userIds.Contains(vote.UserId))
            .Select(vote => new { vote.MessageId, vote.UserId, vote.Number })
            .ToListAsync(cancellationToken);
        Votes = stored.GroupBy(vote => new VoteKey(vote.MessageId, vote.UserId))
            .ToDictionary(person => person.Key, person => (IReadOnlyList<int>)[.. person.Select(vote => vote.Number).Order()]);
    }

    private async Task CountPinsAsync(IReadOnlyList<MessageWrite> writes, CancellationToken cancellationToken)
    {
        foreach (var roomId in writes.OfType<PinChange>().Where(change => change.IsSet).Select(change => change.RoomId).Distinct())
            PinCounts[roomId] = await _store.Db.Pins.CountAsync(pin => pin.RoomId == roomId, cancellationToken);
    }

    private async Task ReadLinksAsync(IReadOnlyList<MessageWrite> writes, CancellationToken cancellationToken)
    {
        var messages = writes.OfType<IMessageRewrite>()
            .Where(write => write is MessageEdit or PreviewChange or PreviewRemoval)
            .Select(write => (Write: write, Messages.GetValueOrDefault((write.RoomId, write.Sequence))?.Message))
            .Where(rewrite => rewrite.Message is { } message && (rewrite.Write is MessageEdit { Links.Count: > 0 } || HtmlText.HasOutsideLink(message.Html)))
            .Select(rewrite => rewrite.Message!);
        foreach (var room in messages.GroupBy(message => message.RoomId))
        {
            var (roomId, sequences) = (room.Key, room.Select(message => message.Sequence).Distinct().ToArray());
            var links = await _store.Db.MessageLinks
                .Where(link => link.RoomId == roomId && sequences.Contains(link.Sequence))
                .ToListAsync(cancellationToken);
            foreach (var message in links.GroupBy(link => link.Sequence))
                _links[(roomId, message.Key)] = [.. message];
        }
    }

    private async Task CountWaitingAsync(IReadOnlyList<MessageWrite> writes, CancellationToken cancellationToken)
    {
        var authorIds = writes.OfType<TextWrite>().Where(write => write.Links.Count > 0).Select(write => write.PersonId).Distinct().ToArray();
        if (authorIds.Length == 0)
            return;
        _waiting = await _store.Db.MessageLinks
            .Where(link => link.DueAt != null && authorIds.Contains(link.AuthorId))
            .GroupBy(link => link.AuthorId)
            .Select(links => new { AuthorId = links.Key, Count = links.Count() })
            .ToDictionaryAsync(links => links.AuthorId, links => links.Count, cancellationToken);
    }

    /// <summary>Looks up the handles and rooms in the texts of the writes, and the people that stored messages mention.</summary>
    private async Task ReadMentionsAsync(IReadOnlyList<MessageWrite> writes, CancellationToken cancellationToken)
    {
        HashSet<(int RoomId, string Handle)> handles = [];
        HashSet<string> linked = [];
        foreach (var write in writes)
        {
            if (write is not TextWrite text)
                continue;
            foreach (var handle in text.Handles)
                handles.Add((write.RoomId, handle));
            linked.UnionWith(text.LinkKeys);
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
            .Select(message => new StoredMessage(message, new MessageAuthor(message.Author!.DisplayName, message.Author.AvatarId, message.Author.Roles.Any(), message.Author.Handle), message.Pin == null ? null : new PinView(message.Pin.UserId, message.Pin.PinnedAt)))
            .ToListAsync(cancellationToken);
        var ids = messages.Select(message => (long?)message.Message.Id).ToArray();
        // The context adds the attachments that it loads to the messages that it tracks.
        await _store.Db.Attachments.Where(attachment => ids.Contains(attachment.MessageId)).LoadAsync(cancellationToken);
        var threads = await _store.Db.Threads.Where(thread => ids.Contains(thread.RootId)).ToListAsync(cancellationToken);
        var reactors = messages.SelectMany(message => ReactionView.PeopleOf(ReactionView.Parse(message.Message.Reactions))
            .Concat(PollView.Parse(message.Message.PollState)?.PersonIds ?? []));
        await ReadPeopleAsync(threads.SelectMany(thread => ThreadView.ParseRepliers(thread.Repliers)).Concat(reactors), cancellationToken);
        foreach (var message in messages)
        {
            Messages[(message.Message.RoomId, message.Message.Sequence)] = message;
            foreach (var attachment in message.Message.Attachments)
                MessageOfAttachment[attachment.Id] = message;
        }
    }
}
