namespace BlazorChat.Common;

/// <summary>Lets something be logged once a minute, with how often it happened since it was logged last.</summary>
internal sealed class OncePerMinute(TimeProvider time)
{
    private readonly Lock _gate = new();
    private long? _last;
    private long _count;

    /// <summary>Counts one; true when it is to be logged now.</summary>
    /// <param name="count">How many there were since the last time.</param>
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
