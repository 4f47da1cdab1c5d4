namespace BlazorChat.Rooms;

/// <summary>
/// The stretch of a room that one reader has on the page: ordered, without doubles, at most <see cref="Capacity"/> messages.
/// Changes are taken in the order of their revisions; when one is missing, <see cref="NeedsRepair"/> says so and what changed
/// since is read from the database.
/// </summary>
internal sealed class RoomTimeline
{
    public const int Capacity = 200;

    private readonly List<MessageView> _messages = [];
    private long _newestRevision;

    public IReadOnlyList<MessageView> Messages => _messages;

    /// <summary>Every change up to this revision is on the page, or lies outside of its stretch.</summary>
    public long Revision { get; private set; }

    /// <summary>True when a change is known to exist that the page may not show.</summary>
    public bool NeedsRepair => _newestRevision > Revision;

    public bool HasOlder => _messages is [{ Sequence: > 1 }, ..];

    /// <summary>True when the reader scrolled so far back that the newest messages were let go.</summary>
    public bool HasNewer { get; private set; }

    public long FirstSequence => _messages is [var first, ..] ? first.Sequence : 0;

    public long LastSequence => _messages is [.., var last] ? last.Sequence : 0;

    /// <summary>Starts over at the end of the room.</summary>
    public void Reset(MessagePage latest)
    {
        _messages.Clear();
        _messages.AddRange(latest.Messages);
        _newestRevision = Math.Max(_newestRevision, latest.Revision);
        Revision = latest.Revision;
        HasNewer = false;
    }

    /// <summary>Takes a change that has just happened; one known already changes nothing.</summary>
    public void Apply(MessageView message)
    {
        _newestRevision = Math.Max(_newestRevision, message.Revision);
        if (message.Revision != Revision + 1)
            return;

        Put(message);
        Revision = message.Revision;
    }

    /// <summary>
    /// Takes what the database has after <see cref="Revision"/>, in the order of revisions. One that is missing there was
    /// overtaken by a later change to the same message.
    /// </summary>
    public void Repair(MessagePage changes)
    {
        foreach (var message in changes.Messages.Where(message => message.Revision > Revision))
        {
            Put(message);
            Revision = message.Revision;
        }

        if (changes.Messages.Count < Conversation.PageSize)
            Revision = Math.Max(Revision, changes.Revision);
        _newestRevision = Math.Max(_newestRevision, Revision);
    }

    public void PrependOlder(MessagePage page)
    {
        _messages.InsertRange(0, page.Messages.Where(message => message.Sequence < FirstSequence).ToArray());
        StepBackTo(page.Revision);
        if (_messages.Count <= Capacity)
            return;
        _messages.RemoveRange(Capacity, _messages.Count - Capacity);
        HasNewer = true;
    }

    public void AppendNewer(MessagePage page)
    {
        _messages.AddRange(page.Messages.Where(message => message.Sequence > LastSequence).ToArray());
        StepBackTo(page.Revision);
        HasNewer = page.Messages.Count == Conversation.PageSize;
        TrimOldest();
    }

    /// <summary>A page read before the newest change came may lack it: what happened since is asked for again.</summary>
    private void StepBackTo(long revision) => Revision = Math.Min(Revision, revision);

    private void Put(MessageView message)
    {
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
        if (_messages[index].Sequence == message.Sequence)
            _messages[index] = message;
        else
            _messages.Insert(index, message);
    }

    private void TrimOldest()
    {
        if (_messages.Count > Capacity)
            _messages.RemoveRange(0, _messages.Count - Capacity);
    }
}
