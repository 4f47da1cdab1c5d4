using System.Text;
using BlazorChat.Channels;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.EventStreams;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Channels.EventStreams;

public sealed class EventStreamHeartbeatTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(8);

    private readonly FakeTimeProvider _time = new();
    private readonly EventStreamHeartbeat _heartbeat;

    public EventStreamHeartbeatTests() =>
        _heartbeat = new EventStreamHeartbeat(Options.Create(new ChannelOptions { StreamHeartbeat = Interval }), _time);

    public void Dispose() => _heartbeat.Dispose();

    [Fact]
    public void Each_stream_gets_one_heartbeat_per_interval_and_not_all_at_once()
    {
        var streams = Enumerable.Range(0, 80).Select(_ => new OutgoingQueue()).ToArray();
        foreach (var stream in streams)
            _heartbeat.Add(stream);

        for (var second = 0; second < 8; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(10 * (second + 1), streams.Count(stream => stream.HasMore));
        }

        var first = streams.Select(Dequeue).ToArray();
        Assert.Equal("event: heartbeat\ndata: {\"interval_ms\":8000}\n\n", Encoding.UTF8.GetString(first[0].Span));
        Assert.All(first, heartbeat => Assert.True(heartbeat.Equals(first[0])));
        Assert.DoesNotContain(streams, stream => stream.HasMore);
    }

    [Fact]
    public void A_stream_that_has_ended_gets_no_heartbeat()
    {
        var stream = new OutgoingQueue();
        _heartbeat.Add(stream).Dispose();

        _time.Advance(2 * Interval);

        Assert.False(stream.HasMore);
    }

    private static ReadOnlyMemory<byte> Dequeue(OutgoingQueue stream)
    {
        Assert.True(stream.TryDequeue(out var frame));
        return frame.Bytes;
    }
}
