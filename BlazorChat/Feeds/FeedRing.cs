namespace BlazorChat.Feeds;

/// <summary>
/// A ring of the newest changes of a feed, by ascending revision. A new change replaces the oldest one when the ring is full, and drops an
/// earlier change to the same item. Not thread-safe: its feed locks it.
/// </summary>
internal sealed class FeedRing<TChange>(int capacity, long start)
    where TChange : IFeedChange
{
    private readonly List<Slot> _slots = [];
    private readonly Dictionary<long, long> _revisions = [];
    private int _first;

    /// <summary>The revision after which the ring is complete.</summary>
    public long Start { get; private set; } = start;

    /// <summary>Appends a change whose revision is higher than all others.</summary>
    public void Append(TChange change)
    {
        Supersede(change);
        if (_slots.Count < capacity)
        {
            _slots.Add(new Slot(change.Revision, change));
            return;
        }

        var oldest = _slots[_first];
        if (oldest is { IsSuperseded: false, Change.ItemId: { } itemId })
            _revisions.Remove(itemId);
        Start = oldest.Revision;
        _slots[_first] = new Slot(change.Revision, change);
        _first = (_first + 1) % capacity;
    }

    /// <summary>Returns at most <paramref name="limit"/> changes after a revision, which is not before <see cref="Start"/>.</summary>
    public TChange[] After(long revision, int limit)
    {
        var found = new List<TChange>();
        for (var age = FirstAfter(revision); age < _slots.Count && found.Count < limit; age++)
        {
            if (_slots[IndexOf(age)] is { IsSuperseded: false } slot)
                found.Add(slot.Change!);
        }

        return [.. found];
    }

    /// <summary>Removes the earlier change to the same item, so that a deleted text is not sent again.</summary>
    private void Supersede(TChange change)
    {
        if (change.ItemId is not { } itemId)
            return;
        if (_revisions.TryGetValue(itemId, out var superseded))
            _slots[IndexOf(FirstAfter(superseded - 1))] = new Slot(superseded, default, IsSuperseded: true);
        _revisions[itemId] = change.Revision;
    }

    private int FirstAfter(long revision)
    {
        var low = 0;
        var high = _slots.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_slots[IndexOf(middle)].Revision > revision)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    private int IndexOf(int age) => (_first + age) % _slots.Count;

    private readonly record struct Slot(long Revision, TChange? Change, bool IsSuperseded = false);
}
