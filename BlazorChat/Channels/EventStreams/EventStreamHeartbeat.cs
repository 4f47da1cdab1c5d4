using System.Globalization;
using System.Text;
using BlazorChat.Channels.Consumers;
using BlazorChat.Common;
using Microsoft.Extensions.Options;

namespace BlazorChat.Channels.EventStreams;

/// <summary>
/// Sends every open event stream of this node a small event in each interval of <c>Channels:StreamHeartbeat</c>, so that a page notices a
/// proxy that buffers its stream. One timer serves all streams, which share the same bytes. Thread-safe.
/// </summary>
/// <remarks>The heartbeat is an event, not a comment: a browser's <c>EventSource</c> does not pass comments to the page.</remarks>
internal sealed class EventStreamHeartbeat : IDisposable
{
    public const string EventName = "heartbeat";

    /// <summary>The timer fires this often in an interval, each time for one part of the streams, so that a node never writes to all at once.</summary>
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
        // Reconnection delays of one to four seconds spread the readers of a node that restarts.
        _openings = [.. Enumerable.Range(10, 31).Select(tenths => new Frame((byte[])[.. Encoding.UTF8.GetBytes($"retry: {tenths}00\n\n"), .. heartbeat.Span]))];
        _timer = time.CreateTimer(_ => SendDue(), null, interval / Parts, interval / Parts);
    }

    /// <summary>The first frame of a stream: a random reconnection delay, and a heartbeat, which carries the interval.</summary>
    public Frame Opening => _openings[Random.Shared.Next(_openings.Length)];

    /// <summary>Sends heartbeats to a stream until the result is disposed.</summary>
    public IDisposable Add(OutgoingQueue stream)
    {
        lock (_gate)
        {
            var part = _parts[_newest++ % Parts];
            part.Add(stream);
            return new OnDispose(() => Remove(part, stream));
        }
    }

    public void Dispose() => _timer.Dispose();

    private void SendDue()
    {
        // Writing to many slow connections may take longer than the timer's period.
        if (Interlocked.Exchange(ref _isSending, 1) == 1)
            return;
        lock (_gate)
            _due.AddRange(_parts[_duePart++ % Parts]);
        // A full queue is ignored here: the next event, or a write that times out, disconnects the reader.
        foreach (var stream in _due)
            stream.TryAdd(_heartbeat);
        _due.Clear();
        Volatile.Write(ref _isSending, 0);
    }

    private void Remove(HashSet<OutgoingQueue> part, OutgoingQueue stream)
    {
        lock (_gate)
            part.Remove(stream);
    }
}
