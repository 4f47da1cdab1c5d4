using System.Diagnostics;

namespace BlazorChat.Benchmarks.Measuring;

/// <summary>
/// Who was given which message, and when: what was lost, doubled or reordered as each receiver saw it. Messages are numbered from 1 in the
/// order that everybody must see.
/// </summary>
/// <param name="receivers">How many there are.</param>
/// <param name="capacity">The most messages that are counted.</param>
internal sealed class Deliveries(int receivers, int capacity)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly long[] _sentAt = new long[capacity + 1];
    private readonly long[] _lastAt = new long[capacity + 1];
    private readonly int[] _highest = new int[receivers];
    private readonly ulong[,] _seen = new ulong[receivers, (capacity / 64) + 1];
    private long _taken;
    private int _sent;

    /// <summary>From sending to each receiver.</summary>
    public Latencies Latencies { get; } = new();

    /// <summary>Messages given to a receiver for the first time.</summary>
    public long Taken => Volatile.Read(ref _taken);

    public long Doubled { get; private set; }

    public long Reordered { get; private set; }

    /// <summary>What nobody has sent.</summary>
    public long Strange { get; private set; }

    public int Sent => Volatile.Read(ref _sent);

    public long Lost => ((long)Sent * receivers) - Taken;

    /// <summary>Milliseconds from sending each message to its last receiver, in the messages' order.</summary>
    public IEnumerable<double> ToLast =>
        Enumerable.Range(1, Sent).Where(number => _lastAt[number] > 0).Select(number => Stopwatch.GetElapsedTime(_sentAt[number], _lastAt[number]).TotalMilliseconds);

    /// <summary>The next message is sent now.</summary>
    /// <returns>Its number.</returns>
    public int Send()
    {
        _sentAt[_sent + 1] = Stopwatch.GetTimestamp();
        return Interlocked.Increment(ref _sent);
    }

    /// <summary>Called on one thread.</summary>
    public void Received(int receiver, long number, long now)
    {
        if (number < 1 || number > Sent)
        {
            Strange++;
            return;
        }

        ref var seen = ref _seen[receiver, number / 64];
        var bit = 1UL << (int)(number % 64);
        if ((seen & bit) != 0)
        {
            Doubled++;
            return;
        }

        seen |= bit;
        if (number < _highest[receiver])
            Reordered++;
        else
            _highest[receiver] = (int)number;
        Latencies.Add(Stopwatch.GetElapsedTime(_sentAt[number], now));
        _lastAt[number] = now;
        Volatile.Write(ref _taken, _taken + 1);
    }

    /// <summary>Returns when everybody has everything that was sent, or when they have not within this time.</summary>
    public async Task WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (Lost > 0 && Stopwatch.GetElapsedTime(began) < patience)
            await Task.Delay(Pause, cancellationToken);
    }
}
