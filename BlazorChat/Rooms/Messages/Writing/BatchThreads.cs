using System.Globalization;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Mentions;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>The threads that the replies of a transaction change, and who follows them.</summary>
internal sealed class BatchThreads(BatchRows rows, DateTime now)
{
    private readonly Dictionary<(int RoomId, long Root), MessageThread> _replied = [];

    /// <summary>The number of the newest reply that a person has read, who follows the thread from now on.</summary>
    private readonly Dictionary<(long RootId, int UserId), long> _follows = [];

    /// <summary>Those of <see cref="_follows"/> who have read the newest reply only if they had read the one before.</summary>
    private readonly HashSet<(long RootId, int UserId)> _absent = [];

    private readonly List<(int RoomId, long Root, long Number, int[] People)> _mentioned = [];

    private readonly List<(int RoomId, long Root, long Number)> _calling = [];

    /// <summary>The messages that have their first reply, with their authors.</summary>
    private readonly List<Message> _begun = [];

    /// <summary>Replies that were edited and mention somebody whom they did not mention before.</summary>
    public IReadOnlyList<(int RoomId, long Root, long Number)> Calling => _calling;

    /// <summary>Threads with new replies.</summary>
    public IReadOnlyCollection<MessageThread> Replied => _replied.Values;

    /// <summary>Adds a reply to a thread and returns its number.</summary>
    public long Reply(Message root, RoomMember author)
    {
        var thread = root.Thread ?? _replied.GetValueOrDefault((root.RoomId, root.Sequence));
        if (thread is null)
        {
            thread = new MessageThread { RootId = root.Id, RoomId = root.RoomId, RootSequence = root.Sequence };
            _begun.Add(root);
        }

        _replied[(root.RoomId, root.Sequence)] = thread;
        thread.LastReply++;
        thread.LastReplyAt = now;
        var others = ThreadView.ParseRepliers(thread.Repliers).Where(id => id != author.UserId);
        thread.Repliers = string.Join(',', others.Prepend(author.UserId).Take(MessageThread.MaxRepliers).Select(id => id.ToString(CultureInfo.InvariantCulture)));
        rows.People[author.UserId] = author.Author;
        return thread.LastReply;
    }

    /// <summary>The author of a reply follows the thread, and so do the people whom it mentions.</summary>
    /// <param name="hasRead">Whether the author has read the replies before it.</param>
    public void Follow(Message root, Message reply, bool hasRead)
    {
        var number = reply.ReplyNumber!.Value;
        foreach (var personId in PeopleIn(reply.Html))
            _follows.TryAdd((root.Id, personId), number - 1);
        _follows[(root.Id, reply.AuthorId)] = number;
        if (hasRead)
            _absent.Remove((root.Id, reply.AuthorId));
        else
            _absent.Add((root.Id, reply.AuthorId));
    }

    /// <summary>The people whom an edited reply mentions, and did not mention before, follow its thread.</summary>
    /// <param name="before">Its HTML before the edit.</param>
    public void Follow(Message edited, string before)
    {
        if (edited.ReplyNumber is not { } number)
            return;
        if (MentionHtml.TargetsIn(edited.Html).Except(MentionHtml.TargetsIn(before)).Any())
            _calling.Add((edited.RoomId, edited.ThreadRoot!.Value, number));
        var mentioned = PeopleIn(edited.Html).Except(PeopleIn(before)).ToArray();
        if (mentioned.Length > 0)
            _mentioned.Add((edited.RoomId, edited.ThreadRoot!.Value, number, mentioned));
    }

    /// <summary>The message with the state of its thread.</summary>
    public MessageView Show(MessageView message)
    {
        var root = message.ThreadRoot ?? message.Sequence;
        var thread = _replied.TryGetValue((message.RoomId, root), out var replied) ? ThreadView.From(replied) : message.Thread;
        return thread is null ? message : message with { Thread = thread.With(rows.People) };
    }

    /// <summary>Adds the rows of new threads, and of people who follow them.</summary>
    public async Task AddFollowsAsync(ChatDbContext db, CancellationToken cancellationToken)
    {
        foreach (var (roomId, root, number, people) in _mentioned)
        {
            var rootId = await db.Threads.Where(thread => thread.RoomId == roomId && thread.RootSequence == root).Select(thread => thread.RootId).SingleAsync(cancellationToken);
            foreach (var personId in people)
                _follows.TryAdd((rootId, personId), number - 1);
        }

        await FollowOwnAsync(db, cancellationToken);
        if (_follows.Count == 0)
            return;
        db.AddRange(_replied.Values.Where(thread => db.Entry(thread).State == EntityState.Detached));
        var (rootIds, userIds) = (_follows.Keys.Select(key => key.RootId).Distinct().ToArray(), _follows.Keys.Select(key => key.UserId).Distinct().ToArray());
        var known = await db.ThreadFollows
            .Where(follow => rootIds.Contains(follow.RootId) && userIds.Contains(follow.UserId))
            .ToDictionaryAsync(follow => (follow.RootId, follow.UserId), cancellationToken);
        foreach (var ((rootId, userId), read) in _follows)
        {
            if (known.TryGetValue((rootId, userId), out var follow))
            {
                if (!_absent.Contains((rootId, userId)) || follow.LastReadReply >= read - 1)
                    follow.LastReadReply = Math.Max(follow.LastReadReply, read);
            }
            else
                db.Add(new ThreadFollow { RootId = rootId, UserId = userId, LastReadReply = read });
        }
    }

    /// <summary>Who wrote the message wants to know what others reply, unless they have left the room.</summary>
    private async Task FollowOwnAsync(ChatDbContext db, CancellationToken cancellationToken)
    {
        if (_begun.Count == 0)
            return;
        var (roomIds, authorIds) = (_begun.Select(root => root.RoomId).Distinct().ToArray(), _begun.Select(root => root.AuthorId).Distinct().ToArray());
        var members = (await db.Memberships
                .Where(member => roomIds.Contains(member.RoomId) && authorIds.Contains(member.UserId))
                .Select(member => new { member.RoomId, member.UserId })
                .ToListAsync(cancellationToken))
            .Select(member => (member.RoomId, member.UserId))
            .ToHashSet();
        foreach (var root in _begun.Where(root => members.Contains((root.RoomId, root.AuthorId))))
            _follows.TryAdd((root.Id, root.AuthorId), 0);
    }

    private static IEnumerable<int> PeopleIn(string html) => MentionHtml.FindMentions(html).Select(mention => mention.Target.PersonId).OfType<int>().Distinct();
}
