namespace BlazorChat.Channels.WebSockets;

/// <summary>
/// Limits the rate at which messages of one peer are read: at most one second's worth of them in a burst. Messages of a faster peer are not
/// lost: they wait in the buffers of the connection. Not thread-safe.
/// </summary>
internal sealed class MessagePacer(int messagesPerSecond, TimeProvider time)
{
    private readonly long _cost = time.TimestampFrequency / messagesPerSecond;
    private long _paidUntil;

    /// <summary>Counts one message.</summary>
    /// <returns>The delay before the next message is read.</returns>
    public TimeSpan CountMessage()
    {
        var now = time.GetTimestamp();
        _paidUntil = Math.Max(_paidUntil, now) + _cost;
        var ahead = _paidUntil - now - time.TimestampFrequency;
        return ahead <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((double)ahead / time.TimestampFrequency);
    }
}
