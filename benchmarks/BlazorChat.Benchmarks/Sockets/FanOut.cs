using BlazorChat.Benchmarks.Load;
using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Sockets;

/// <summary>Messages at a fixed rate to everybody in a room.</summary>
internal sealed class FanOut(int nodes, int sockets, int perSecond) : SocketMeasurement(
    new Table(
        $"{sockets:N0} sockets on {(nodes == 1 ? "one node" : $"{nodes} nodes")}, {perSecond:N0} messages a second",
        new Column("CPU µs per delivery", IsCharted: true),
        new Column("ms p50", IsCharted: true),
        new Column("p99", IsCharted: true),
        new Column("deliveries per second", "N0"),
        new Column("bytes per delivery", "0"),
        new Column("refused", "0", MustBeZero: true),
        new Column("lost", "0", MustBeZero: true),
        new Column("doubled", "0", MustBeZero: true),
        new Column("reordered", "0", MustBeZero: true)),
    nodes,
    sockets)
{
    protected override async Task<double?[]> MeasureAsync(SocketPeer peer, RedisServer redis, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var load = await ConnectAsync(peer, cancellationToken);
        var deliveries = load.Deliveries = new Deliveries(Sockets, (int)(perSecond * duration.TotalSeconds), Sockets);
        var (cpu, bytes) = (peer.CpuMicroseconds, load.Bytes);
        var sender = 0;
        await Pace.RunAsync(perSecond, duration, () => load.Send(sender++ % Sockets), cancellationToken);
        await deliveries.WaitAsync(DrainTimeout, cancellationToken);
        return
        [
            (peer.CpuMicroseconds - cpu) / deliveries.Delivered,
            deliveries.Latencies.Percentile(0.5),
            deliveries.Latencies.Percentile(0.99),
            deliveries.Delivered / duration.TotalSeconds,
            (double)(load.Bytes - bytes) / deliveries.Delivered,
            deliveries.Refused,
            deliveries.Lost,
            deliveries.Doubled + deliveries.Strange,
            deliveries.Reordered,
        ];
    }
}
