using System.Globalization;
using System.Text;
using BlazorChat.Channels.Consumers;
using Microsoft.Extensions.Options;

namespace BlazorChat.Channels.EventStreams;

/// <summary>
/// Sends every open event stream of this node a small event each <c>Channels:StreamHeartbeat</c>, so that a page notices a proxy that
/// holds its stream back. One timer serves all streams, and all of them are sent the same bytes.
/// </summary>
/// <remarks>A comment would not do: a browser's <c>EventSource</c> does not show them to the page.</remarks>
internal sealed class EventStreamHeartbeat : IDisposable
{
    public const string EventName = "heartbeat";

    /// <summary>The timer fires this often in an interval, each time for a part of the streams, so that a node never writes to all at once.</summary>
    private const int Parts = 8;

    private readonly HashSet<OutgoingQueue>[] _parts = [.. Enumerable.Range(0, Parts).Select(_ => new HashSet<OutgoingQueue>())];
    private readonly List<OutgoingQueue> _due = [];
    private readonly Lock _gate = new();
    private readonly Frame _heartbeat;
    private readonly Frame[] _openings;
    private readonly ITimer _timer;
    private uint _newest;
    private uint _duePart;
    private int _isSending;

    public EventStreamHeartbeat(IOptions<ChannelOptions> options, TimeProvider time)
    {
        var interval = options.Value.StreamHeartbeat;
        var data = string.Create(CultureInfo.InvariantCulture, $$"""{"interval_ms":{{(long)interval.TotalMilliseconds}}}""");
        var heartbeat = new EventStreamMessage(data, EventName).Bytes;
        _heartbeat = new Frame(heartbeat);
        // One to four seconds: the readers of a node that restarts do not come back all at once.
        _openings = [.. Enumerable.Range(10, 31).Select(tenths => new Frame((byte[])[.. Encoding.UTF8.GetBytes($"retry: {tenths}00\n\n"), .. heartbeat.Span]))];
        _timer = time.CreateTimer(_ => SendDue(), null, interval / Parts, interval / Parts);
    }

    /// <summary>What a stream begins with: the pause before its reader comes back, and a heartbeat, which names the interval.</summary>
    public Frame Opening => _openings[Random.Shared.Next(_openings.Length)];

    /// <summary>Sends heartbeats to a stream until the result is disposed.</summary>
    public IDisposable Add(OutgoingQueue stream)
    {
        lock (_gate)
        {
            var part = _parts[_newest++ % Parts];
            part.Add(stream);
            return new Entry(this, part, stream);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void SendDue()
    {
        // Writing to many slow machines may take longer than the timer's period.
        if (Interlocked.Exchange(ref _isSending, 1) == 1)
            return;
        lock (_gate)
            _due.AddRange(_parts[_duePart++ % Parts]);
        // A stream for which too much waits is cut off by what it is sent next, or by a write that takes too long.
        foreach (var stream in _due)
            stream.TryAdd(_heartbeat);
        _due.Clear();
        Volatile.Write(ref _isSending, 0);
    }

    private sealed class Entry(EventStreamHeartbeat heartbeat, HashSet<OutgoingQueue> part, OutgoingQueue stream) : IDisposable
    {
        public void Dispose()
        {
            lock (heartbeat._gate)
                part.Remove(stream);
        }
    }
}
