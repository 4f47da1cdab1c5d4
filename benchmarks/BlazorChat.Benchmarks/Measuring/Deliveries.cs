using System.Diagnostics;

namespace BlazorChat.Benchmarks.Measuring;

/// <summary>
/// Counts which receiver got which message, and when: what was lost, doubled or reordered for each receiver. Messages are numbered from 1, and everybody
/// must see those of one sender in their order.
/// </summary>
/// <param name="receivers">How many there are; 1 where each message goes back to its sender alone, whichever that is.</param>
/// <param name="capacity">The most messages that are counted.</param>
/// <param name="senders">How many there are.</param>
internal sealed class Deliveries(int receivers, int capacity, int senders = 1)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly long[] _sentAt = new long[capacity + 1];
    private readonly long[] _lastAt = new long[capacity + 1];
    private readonly int[] _senders = new int[capacity + 1];
    private readonly int[,] _highest = new int[receivers, senders];
    private readonly ulong[,] _seen = new ulong[receivers, (capacity / 64) + 1];
    private long _delivered;
    private int _sent;

    /// <summary>From sending to each receiver.</summary>
    public Latencies Latencies { get; } = new();

    /// <summary>Messages given to a receiver for the first time.</summary>
    public long Delivered => Volatile.Read(ref _delivered);

    public long Doubled { get; private set; }

    public long Reordered { get; private set; }

    /// <summary>Messages that were never sent.</summary>
    public long Strange { get; private set; }

    public int Sent => Volatile.Read(ref _sent);

    public bool IsFull => Sent >= capacity;

    /// <summary>Messages that the server refused. They do not count as lost.</summary>
    public int Refused { get; private set; }

    public long Lost => ((long)(Sent - Refused) * receivers) - Delivered;

    /// <summary>Milliseconds from sending each message to its last receiver, in the messages' order.</summary>
    public IEnumerable<double> ToLast =>
        Enumerable.Range(1, Sent).Where(number => _lastAt[number] > 0).Select(number => Stopwatch.GetElapsedTime(_sentAt[number], _lastAt[number]).TotalMilliseconds);

    /// <summary>The next message is sent now. On any thread.</summary>
    /// <returns>Its number.</returns>
    public int Send(int sender = 0)
    {
        var number = Interlocked.Increment(ref _sent);
        _senders[number] = sender;
        _sentAt[number] = Stopwatch.GetTimestamp();
        return number;
    }

    public int SenderOf(long number) => _senders[number];

    /// <summary>Called on one thread.</summary>
    public void Refuse() => Refused++;

    /// <summary>Called on one thread.</summary>
    public void Received(int receiver, long number, long now)
    {
        if (receivers == 1)
            receiver = 0;
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
        ref var highest = ref _highest[receiver, _senders[number]];
        if (number < highest)
            Reordered++;
        else
            highest = (int)number;
        Latencies.Add(Stopwatch.GetElapsedTime(_sentAt[number], now));
        _lastAt[number] = now;
        Volatile.Write(ref _delivered, _delivered + 1);
    }

    /// <summary>Returns when everybody has everything that was sent, or when they have not within this time.</summary>
    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (Lost > 0 && Stopwatch.GetElapsedTime(began) < timeout)
            await Task.Delay(Pause, cancellationToken);
    }
}
