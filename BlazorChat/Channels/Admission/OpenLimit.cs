using System.Runtime.InteropServices;

namespace BlazorChat.Channels.Admission;

/// <summary>
/// How many of something may be open at once: <paramref name="perKey"/> for each key, <paramref name="inAll"/> for all of them
/// together. Thread-safe.
/// </summary>
public sealed class OpenLimit<TKey>(int perKey, int inAll)
    where TKey : notnull
{
    private readonly Dictionary<TKey, int> _open = [];
    private readonly Lock _gate = new();
    private int _total;

    /// <summary>How many are open now.</summary>
    public int Total
    {
        get
        {
            lock (_gate)
                return _total;
        }
    }

    /// <returns>To be disposed when it is closed; null when a ceiling is reached.</returns>
    public IDisposable? TryEnter(TKey key) => TryEnter(key, out _);

    /// <param name="isFull">Whether the ceiling for all is reached.</param>
    /// <inheritdoc cref="TryEnter(TKey)"/>
    public IDisposable? TryEnter(TKey key, out bool isFull)
    {
        lock (_gate)
        {
            isFull = _total >= inAll;
            if (isFull)
                return null;
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, key, out _);
            if (count >= perKey)
                return null;
            count++;
            _total++;
            return new Entry(this, key);
        }
    }

    private void Leave(TKey key)
    {
        lock (_gate)
        {
            _total--;
            if (--CollectionsMarshal.GetValueRefOrNullRef(_open, key) == 0)
                _open.Remove(key);
        }
    }

    private sealed class Entry(OpenLimit<TKey> limit, TKey key) : IDisposable
    {
        private int _isClosed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isClosed, 1) == 0)
                limit.Leave(key);
        }
    }
}
