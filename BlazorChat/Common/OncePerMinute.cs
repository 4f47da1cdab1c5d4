namespace BlazorChat.Common;

/// <summary>Limits log messages to one per minute for each cause, with the number of occurrences since the previous one. Thread-safe.</summary>
/// <example>
/// <code>
/// if (_log.TryCount(out var count, nameof(LogFull)))
///     LogFull(logger, count);
/// </code>
/// </example>
internal sealed class OncePerMinute(TimeProvider time)
{
    private readonly Dictionary<string, (long LoggedAt, long Count)> _causes = new(StringComparer.Ordinal);

    /// <summary>Counts one occurrence; true when it is to be logged now.</summary>
    /// <param name="count">The number of occurrences since the previous message, this one included.</param>
    /// <param name="cause">One of a few constants.</param>
    public bool TryCount(out long count, string cause = "")
    {
        lock (_causes)
        {
            var isKnown = _causes.TryGetValue(cause, out var last);
            count = last.Count + 1;
            var isDue = !isKnown || time.GetElapsedTime(last.LoggedAt) >= TimeSpan.FromMinutes(1);
            _causes[cause] = isDue ? (time.GetTimestamp(), 0) : (last.LoggedAt, count);
            return isDue;
        }
    }
}
