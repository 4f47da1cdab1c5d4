using System.Diagnostics;
using BlazorChat.Benchmarks.Load;
using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Sockets;

/// <summary>Sockets that send again when they have got back what they sent.</summary>
internal sealed class EchoLoop(int sockets) : SocketMeasurement(
    new Table(
        $"{sockets:N0} sockets get back what they send",
        new Column("round trips per second", "N0", IsCharted: true),
        new Column("CPU µs per round trip", IsCharted: true),
        new Column("ms p50"),
        new Column("p99"),
        new Column("lost", "0", MustBeZero: true)),
    nodes: 1,
    sockets)
{
    private const int MaxPerSecond = 200_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    protected override async Task<double?[]> MeasureAsync(SocketPeer peer, RedisServer redis, TimeSpan duration, CancellationToken cancellationToken)
    {
        var warmUp = NewDeliveries(WarmUp);
        using var load = await SocketLoad.ConnectAsync(peer, peer.EchoPath, Sockets, warmUp, cancellationToken);
        await LoopAsync(load, WarmUp, cancellationToken);

        var deliveries = load.Deliveries = NewDeliveries(duration);
        var cpu = peer.CpuMicroseconds;
        await LoopAsync(load, duration, cancellationToken);
        return
        [
            deliveries.Delivered / duration.TotalSeconds,
            (peer.CpuMicroseconds - cpu) / deliveries.Delivered,
            deliveries.Latencies.Percentile(0.5),
            deliveries.Latencies.Percentile(0.99),
            deliveries.Sent - deliveries.Delivered,
        ];
    }

    private Deliveries NewDeliveries(TimeSpan duration) => new(1, (int)(MaxPerSecond * duration.TotalSeconds), Sockets);

    private async Task LoopAsync(SocketLoad load, TimeSpan duration, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        load.Returned = socket =>
        {
            if (Stopwatch.GetElapsedTime(began) < duration && !load.Deliveries.IsFull)
                load.Echo(socket);
        };
        for (var socket = 0; socket < Sockets; socket++)
            load.Echo(socket);
        await Task.Delay(duration, cancellationToken);
        await load.Deliveries.WaitAsync(DrainTimeout, cancellationToken);
    }
}
