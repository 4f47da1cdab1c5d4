using BlazorChat.Benchmarks.Load;
using BlazorChat.Benchmarks.Measuring;
using BlazorChat.Benchmarks.Servers;
using BlazorChat.Benchmarks.Sockets;

namespace BlazorChat.Benchmarks.Nodes;

/// <summary>Messages at a fixed rate to everybody in a room whose sockets are spread over so many nodes.</summary>
internal sealed class NodeFanOut(Table table, int nodes, int sockets, int perSecond) : SocketMeasurement(table, nodes, sockets)
{
    public static Column[] Columns =>
    [
        new("Redis CPU µs per message", "0", IsCharted: true),
        new("nodes' CPU µs per message", "0", IsCharted: true),
        new("CPU µs per delivery"),
        new("ms p50", IsCharted: true),
        new("p99", IsCharted: true),
        new("refused", "0", MustBeZero: true),
        new("lost", "0", MustBeZero: true),
        new("doubled", "0", MustBeZero: true),
        new("reordered", "0", MustBeZero: true),
    ];

    protected override async Task<double?[]> MeasureAsync(SocketPeer peer, RedisServer redis, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var load = await ConnectAsync(peer, cancellationToken);
        var deliveries = load.Deliveries = new Deliveries(Sockets, (int)(perSecond * duration.TotalSeconds), Sockets);
        var (cpu, redisCpu) = (peer.CpuMicroseconds, ProcessorTime.FirstThreadMicrosecondsOf(redis.ProcessId));
        var sender = 0;
        await Pace.RunAsync(perSecond, duration, () => load.Send(sender++ % Sockets), cancellationToken);
        await deliveries.WaitAsync(DrainTimeout, cancellationToken);
        (cpu, redisCpu) = (peer.CpuMicroseconds - cpu, ProcessorTime.FirstThreadMicrosecondsOf(redis.ProcessId) - redisCpu);
        return
        [
            redisCpu / deliveries.Sent,
            cpu / deliveries.Sent,
            cpu / deliveries.Delivered,
            deliveries.Latencies.Percentile(0.5),
            deliveries.Latencies.Percentile(0.99),
            deliveries.Refused,
            deliveries.Lost,
            deliveries.Doubled + deliveries.Strange,
            deliveries.Reordered,
        ];
    }
}
