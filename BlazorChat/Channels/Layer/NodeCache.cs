using Microsoft.Extensions.Caching.Memory;

namespace BlazorChat.Channels.Layer;

/// <summary>
/// Caches what a node reads from the database until an event reports a change. Events can be missed while the layer is degraded, so nothing
/// is answered from the cache then. A value that was read before a change and arrives after it is not stored. Thread-safe.
/// </summary>
/// <param name="layer">Where the events arrive.</param>
/// <param name="maxAge">How long a value is used at most; it bounds the harm of an event that nobody published.</param>
/// <typeparam name="TKey">What a value is read for.</typeparam>
/// <typeparam name="TValue">The value. A null is not stored.</typeparam>
/// <example>
/// <code>
/// var isAdmin = await admins.GetAsync(userId, token => ReadAsync(userId, token), cancellationToken);
/// admins.Remove(userId); // in the handler of the event
/// admins.Clear();        // in the handler of EventGap
/// </code>
/// </example>
internal class NodeCache<TKey, TValue>(IChannelLayer layer, TimeSpan maxAge) : IDisposable
    where TKey : notnull
{
    /// <summary>The most values. Beyond it the oldest go first.</summary>
    private const int Capacity = 10_000;

    private readonly MemoryCache _values = new(new MemoryCacheOptions { SizeLimit = Capacity });
    private readonly Lock _gate = new();
    private long _changes;

    /// <summary>Returns the value from the cache, or reads and stores it.</summary>
    /// <param name="key">What to read.</param>
    /// <param name="read">Reads the value from the database. Calls for the same key may overlap.</param>
    /// <param name="cancellationToken">Passed to <paramref name="read"/>.</param>
    public async ValueTask<TValue?> GetAsync(TKey key, Func<CancellationToken, Task<TValue?>> read, CancellationToken cancellationToken)
    {
        if (layer.State == LayerState.Connected && _values.TryGetValue(key, out TValue? known))
            return known;
        var changes = Interlocked.Read(ref _changes);
        var value = await read(cancellationToken);
        lock (_gate)
        {
            if (value is not null && _changes == changes)
                _values.Set(key, value, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = maxAge });
        }

        return value;
    }

    /// <summary>Removes values that have changed.</summary>
    public void Remove(params IEnumerable<TKey> keys)
    {
        lock (_gate)
        {
            _changes++;
            foreach (var key in keys)
                _values.Remove(key);
        }
    }

    /// <summary>Removes all values, because events may have been missed.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _changes++;
            _values.Clear();
        }
    }

    public void Dispose()
    {
        _values.Dispose();
        GC.SuppressFinalize(this);
    }
}
