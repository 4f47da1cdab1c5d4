namespace BlazorChat.Channels.WebSockets;

/// <summary>
/// How fast one peer is read: so many messages a second, a second's worth of them at once. Whoever sends faster is read no
/// faster; nothing is lost, and what waits, waits on its own side.
/// </summary>
internal sealed class MessagePacer(int messagesPerSecond, TimeProvider time)
{
    private readonly long _cost = time.TimestampFrequency / messagesPerSecond;
    private long _paidUntil;

    /// <summary>Counts one message.</summary>
    /// <returns>How long to wait before the next one is read.</returns>
    public TimeSpan CountMessage()
    {
        var now = time.GetTimestamp();
        _paidUntil = Math.Max(_paidUntil, now) + _cost;
        var ahead = _paidUntil - now - time.TimestampFrequency;
        return ahead <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((double)ahead / time.TimestampFrequency);
    }
}
