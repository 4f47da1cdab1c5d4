using System.Collections.Concurrent;

namespace BlazorChat.Attachments;

/// <summary>How many uploads one person has under way on this node at once.</summary>
internal sealed class UploadLimit
{
    public const int MaxAtOnce = 4;

    private readonly ConcurrentDictionary<int, int> _underWay = [];

    /// <returns>To be disposed when the upload has ended; null when there are too many.</returns>
    public IDisposable? TryEnter(int personId)
    {
        var count = _underWay.AddOrUpdate(personId, 1, (_, others) => others + 1);
        if (count <= MaxAtOnce)
            return new Entry(this, personId);
        Leave(personId);
        return null;
    }

    private void Leave(int personId)
    {
        var count = _underWay.AddOrUpdate(personId, 0, (_, others) => others - 1);
        if (count == 0)
            _underWay.TryRemove(new KeyValuePair<int, int>(personId, 0));
    }

    private sealed class Entry(UploadLimit limit, int personId) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
                limit.Leave(personId);
        }
    }
}
