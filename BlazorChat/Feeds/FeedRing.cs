namespace BlazorChat.Feeds;

/// <summary>The newest changes of a feed, by rising revision; the oldest give way.</summary>
internal sealed class FeedRing<TChange>(int capacity, long start)
    where TChange : IFeedChange
{
    private readonly List<TChange> _changes = [];
    private int _first;

    /// <summary>Every change after this revision is here, up to the newest.</summary>
    public long Start { get; private set; } = start;

    public void Append(TChange change)
    {
        if (_changes.Count < capacity)
        {
            _changes.Add(change);
            return;
        }

        Start = _changes[_first].Revision;
        _changes[_first] = change;
        _first = (_first + 1) % capacity;
    }

    /// <summary>At most <paramref name="limit"/> changes after a revision that is not before <see cref="Start"/>.</summary>
    public TChange[] After(long revision, int limit)
    {
        var low = 0;
        var high = _changes.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (this[middle].Revision > revision)
                high = middle;
            else
                low = middle + 1;
        }

        var found = new TChange[Math.Min(limit, _changes.Count - low)];
        for (var i = 0; i < found.Length; i++)
            found[i] = this[low + i];
        return found;
    }

    private TChange this[int age] => _changes[(_first + age) % _changes.Count];
}
