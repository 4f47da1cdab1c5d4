using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BlazorChat.Channels.Admission;

/// <summary>
/// A token bucket per key: <paramref name="burst"/> permits at once, and <paramref name="perSecond"/> more each second up to
/// that number. It is exact at any instant of <paramref name="time"/>, because no timer refills it. Thread-safe.
/// </summary>
/// <example>
/// <code>
/// var limit = new RateLimit&lt;int&gt;(time, burst: 50, perSecond: 10);
/// if (!limit.TryAcquire(userId, out var retryAfter)) return Refuse(retryAfter);
/// </code>
/// </example>
/// <remarks>It is the generic cell rate algorithm of ITU-T I.371: it stores one instant per key, at which its bucket is full again.</remarks>
public sealed class RateLimit<TKey>(TimeProvider time, int burst, double perSecond)
    where TKey : notnull
{
    private const int MinSweep = 1024;

    private readonly Dictionary<TKey, long> _fullAt = [];
    private readonly Lock _gate = new();
    private readonly double _ticksPerPermit = time.TimestampFrequency / perSecond;
    private int _sweepAt = MinSweep;

    /// <summary>The number of stored keys. Keys with a full bucket are removed when the number of keys has doubled.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
                return _fullAt.Count;
        }
    }

    /// <summary>Acquires one permit; false when the bucket of the key is empty.</summary>
    /// <param name="key">The key.</param>
    /// <param name="retryAfter">The time until the next permit is available; zero when one was acquired.</param>
    public bool TryAcquire(TKey key, out TimeSpan retryAfter)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            Sweep(now);
            ref var fullAt = ref CollectionsMarshal.GetValueRefOrAddDefault(_fullAt, key, out _);
            var next = Math.Max(now, fullAt) + _ticksPerPermit;
            var excess = next - now - (burst * _ticksPerPermit);
            // The tolerance of half a tick keeps rounded intervals from refusing the last permit of a burst.
            if (excess > 0.5)
            {
                retryAfter = TimeSpan.FromSeconds(excess / time.TimestampFrequency);
                return false;
            }

            fullAt = (long)next;
            retryAfter = TimeSpan.Zero;
            return true;
        }
    }

    /// <summary>Acquires one permit; false when the bucket of the key is empty.</summary>
    public bool TryAcquire(TKey key) => TryAcquire(key, out _);

    /// <summary>Returns one permit, when the action that it was acquired for did not happen or does not count.</summary>
    public void Return(TKey key)
    {
        lock (_gate)
        {
            ref var fullAt = ref CollectionsMarshal.GetValueRefOrNullRef(_fullAt, key);
            if (!Unsafe.IsNullRef(ref fullAt))
                fullAt -= (long)_ticksPerPermit;
        }
    }

    private void Sweep(long now)
    {
        if (_fullAt.Count < _sweepAt)
            return;
        foreach (var (key, fullAt) in _fullAt)
        {
            if (fullAt <= now)
                _fullAt.Remove(key);
        }

        _sweepAt = Math.Max(MinSweep, 2 * _fullAt.Count);
    }
}
