using BlazorChat.Rooms.Messages;

namespace BlazorChat.Rooms.Pages.Rows;

/// <summary>
/// The messages of a room on one reader's page: ordered, without duplicates, at most <see cref="Capacity"/>. Changes come from the room's
/// feed, pages from the database. No change may be applied between the read of a page and its addition, or the page could be older than
/// the timeline.
/// </summary>
internal sealed class RoomTimeline
{
    public const int Capacity = 200;

    private readonly List<MessageView> _messages = [];

    public IReadOnlyList<MessageView> Messages => _messages;

    public bool HasOlder => _messages is [{ Sequence: > 1 }, ..];

    /// <summary>True when the page ends before the newest message.</summary>
    public bool HasNewer { get; private set; }

    /// <summary>Sequence of the newest message known to exist, on the page or not.</summary>
    public long NewestSequence { get; private set; }

    public long FirstSequence => _messages is [var first, ..] ? first.Sequence : 0;

    public long LastSequence => _messages is [.., var last] ? last.Sequence : 0;

    /// <summary>Replaces all messages.</summary>
    /// <param name="hasNewer">Whether the room has messages after the page.</param>
    /// <param name="newest">Sequence of a message that is known to exist, on the page or not.</param>
    public void Reset(MessagePage page, bool hasNewer = false, long newest = 0)
    {
        _messages.Clear();
        _messages.AddRange(page.Messages);
        HasNewer = hasNewer;
        NewestSequence = Math.Max(Math.Max(NewestSequence, newest), LastSequence);
    }

    public MessageView? Find(long sequence) => _messages.Find(message => message.Sequence == sequence);

    /// <summary>Applies changes, which may come in any order.</summary>
    public void Apply(IEnumerable<MessageView> messages)
    {
        // A message that was edited comes after its successors, and the timeline appends in order.
        var changes = messages.ToArray();
        foreach (var message in changes.Where(message => message.IsInRoom).OrderBy(message => message.Sequence))
            Apply(message);
        foreach (var message in changes)
            ApplyThread(message);
    }

    /// <summary>Applies a message unless the timeline has a newer revision of it.</summary>
    public void Apply(MessageView message)
    {
        NewestSequence = Math.Max(NewestSequence, message.Sequence);
        if (message.Sequence > LastSequence)
        {
            if (HasNewer)
                return;
            _messages.Add(message);
            TrimOldest();
            return;
        }

        if (message.Sequence < FirstSequence)
            return;

        var index = _messages.FindIndex(shown => shown.Sequence >= message.Sequence);
        if (_messages[index].Sequence != message.Sequence)
        {
            _messages.Insert(index, message);
            TrimOldest();
        }
        else if (_messages[index].Revision < message.Revision)
        {
            _messages[index] = message.With(_messages[index].Thread);
        }
    }

    /// <summary>Shows the state of a thread that a reply has, unless its first message has a newer one.</summary>
    private void ApplyThread(MessageView reply)
    {
        if (reply is { ThreadRoot: { } root, Thread: { } thread } && _messages.FindIndex(message => message.Sequence == root) is >= 0 and var index)
            _messages[index] = _messages[index].With(thread);
    }

    /// <summary>Replaces an author's picture; null for none.</summary>
    public void SetAvatar(int authorId, Guid? avatarId)
    {
        for (var i = 0; i < _messages.Count; i++)
        {
            if (_messages[i].AuthorId == authorId)
                _messages[i] = _messages[i] with { AuthorAvatarId = avatarId };
        }
    }

    /// <summary>Replaces the names, pictures and rights of authors, and the names of people who are mentioned.</summary>
    /// <returns>True when a message has changed.</returns>
    public bool SetAuthors(IReadOnlyDictionary<int, MessageAuthor> authors)
    {
        var isChanged = false;
        for (var i = 0; i < _messages.Count; i++)
        {
            var now = _messages[i].By(authors);
            isChanged |= !ReferenceEquals(now, _messages[i]);
            _messages[i] = now;
        }

        return isChanged;
    }

    public void PrependOlder(MessagePage page)
    {
        _messages.InsertRange(0, page.Messages.Where(message => message.Sequence < FirstSequence).ToArray());
        if (_messages.Count <= Capacity)
            return;
        _messages.RemoveRange(Capacity, _messages.Count - Capacity);
        HasNewer = true;
    }

    public void AppendNewer(MessagePage page)
    {
        _messages.AddRange(page.Messages.Where(message => message.Sequence > LastSequence).ToArray());
        HasNewer = page.Messages.Count == Conversation.PageSize;
        TrimOldest();
    }

    private void TrimOldest()
    {
        if (_messages.Count <= Capacity)
            return;
        // Removing whole chunks leaves the first one unchanged when a message arrives.
        var first = _messages.FindIndex(_messages.Count - Capacity, MessageChunks.IsStart);
        _messages.RemoveRange(0, first > 0 ? first : _messages.Count - Capacity);
    }
}
