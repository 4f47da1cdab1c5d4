namespace BlazorChat.Benchmarks.Measuring;

/// <summary>Durations by their frequency: exact to one part in 64, from a microsecond to an hour. For one thread.</summary>
internal sealed class Latencies
{
    private const int Fine = 6;
    private const int Steps = 1 << Fine;

    private readonly long[] _counts = new long[Steps * 32];

    public long Count { get; private set; }

    public void Add(TimeSpan latency)
    {
        var microseconds = Math.Clamp((long)latency.TotalMicroseconds, 0, (long)TimeSpan.FromHours(1).TotalMicroseconds);
        _counts[SlotOf(microseconds)]++;
        Count++;
    }

    /// <param name="share">0 to 1: 0.99 for the 99th percentile.</param>
    /// <returns>Milliseconds; 0 when there are none.</returns>
    public double Percentile(double share)
    {
        var rank = (long)Math.Ceiling(share * Count);
        var seen = 0L;
        for (var slot = 0; slot < _counts.Length; slot++)
        {
            seen += _counts[slot];
            if (seen >= rank && seen > 0)
                return ValueOf(slot) / 1000.0;
        }

        return 0;
    }

    /// <summary>Up to 64 each microsecond has a slot; from there on each doubling has 64.</summary>
    private static int SlotOf(long microseconds)
    {
        var doublings = Math.Max(0, 63 - Fine - long.LeadingZeroCount(microseconds | 1));
        return (int)((doublings * Steps) + (microseconds >> (int)doublings));
    }

    private static long ValueOf(int slot)
    {
        var doublings = Math.Max(0, (slot / Steps) - 1);
        return (long)(slot - (doublings * Steps)) << doublings;
    }
}
