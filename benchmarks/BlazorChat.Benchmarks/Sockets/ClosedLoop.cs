using System.Diagnostics;
using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Sockets;

/// <summary>As many messages as go through, when a new one is sent for each that has come back to its sender.</summary>
internal sealed class ClosedLoop(int nodes, int sockets, int underWay) : SocketMeasurement(
    new Table(
        $"{sockets:N0} sockets on {nodes} nodes, {underWay} messages always under way",
        new Column("deliveries per second", "N0", IsCharted: true),
        new Column("CPU µs per delivery", "0.00", IsCharted: true),
        new Column("ms p50"),
        new Column("p99"),
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
        var began = Stopwatch.GetTimestamp();
        var cpu = peer.CpuMicroseconds;
        await LoopAsync(load, underWay, duration, cancellationToken);
        // A lost message ends the wait by its timeout.
        var elapsed = load.Deliveries.Lost > 0 ? duration : Stopwatch.GetElapsedTime(began);
        return
        [
            load.Deliveries.Delivered / elapsed.TotalSeconds,
            (peer.CpuMicroseconds - cpu) / load.Deliveries.Delivered,
            load.Deliveries.Latencies.Percentile(0.5),
            load.Deliveries.Latencies.Percentile(0.99),
            load.Deliveries.Refused,
            load.Deliveries.Lost,
            load.Deliveries.Doubled + load.Deliveries.Strange,
            load.Deliveries.Reordered,
        ];
    }
}
