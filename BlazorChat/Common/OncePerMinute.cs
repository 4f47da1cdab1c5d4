namespace BlazorChat.Common;

/// <summary>Limits a log message to one per minute, with the number of occurrences since the previous one. Thread-safe.</summary>
internal sealed class OncePerMinute(TimeProvider time)
{
    private readonly Lock _gate = new();
    private long? _last;
    private long _count;

    /// <summary>Counts one occurrence; true when it is to be logged now.</summary>
    /// <param name="count">The number of occurrences since the previous message, this one included.</param>
    public bool TryCount(out long count)
    {
        lock (_gate)
        {
            count = ++_count;
            if (_last is { } last && time.GetElapsedTime(last) < TimeSpan.FromMinutes(1))
                return false;
            _last = time.GetTimestamp();
            _count = 0;
            return true;
        }
    }
}
