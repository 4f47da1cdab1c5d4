using System.Runtime.InteropServices;
using BlazorChat.Common;

namespace BlazorChat.Channels.Admission;

/// <summary>
/// Limits how many of something are open at once: <paramref name="perKey"/> for each key, and <paramref name="inAll"/> in all. Thread-safe.
/// </summary>
/// <example>
/// <code>
/// using var entry = limit.TryEnter(userId);
/// if (entry is null)
///     return Refuse();
/// </code>
/// </example>
public sealed class OpenLimit<TKey>(int perKey, int inAll)
    where TKey : notnull
{
    private readonly Dictionary<TKey, int> _open = [];
    private readonly Lock _gate = new();
    private int _total;

    /// <summary>The number that is open now.</summary>
    public int Total
    {
        get
        {
            lock (_gate)
                return _total;
        }
    }

    /// <summary>Counts one more, unless a limit is reached.</summary>
    /// <returns>An entry to dispose when it closes, once or more; null when a limit is reached.</returns>
    public IDisposable? TryEnter(TKey key) => TryEnter(key, out _);

    /// <param name="key">The key.</param>
    /// <param name="isFull">Whether the limit in all was reached already.</param>
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
            return new OnDispose(() => Leave(key));
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
}
