using System.Diagnostics;
using BlazorChat.Benchmarks.Measuring;
using BlazorChat.Tests.Support;

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
    private const int MaxPerSecond = 20_000;

    protected override async Task<double?[]> MeasureAsync(SocketPeer peer, RedisServer redis, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var load = await ConnectAsync(peer, cancellationToken);
        var deliveries = load.Deliveries = new Deliveries(Sockets, (int)(MaxPerSecond * duration.TotalSeconds), Sockets);
        var began = Stopwatch.GetTimestamp();
        var cpu = peer.CpuMicroseconds;
        var last = 0;
        // Each socket in turn, since a person may say only so much.
        void SayNext(int _)
        {
            if (Stopwatch.GetElapsedTime(began) < duration && !deliveries.IsFull)
                load.Say(Interlocked.Increment(ref last) % Sockets);
        }

        load.Returned = SayNext;
        for (var i = 0; i < underWay; i++)
            SayNext(i);
        await Task.Delay(duration, cancellationToken);
        await deliveries.WaitAsync(Patience, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(began);
        return
        [
            deliveries.Taken / (deliveries.Lost > 0 ? duration : elapsed).TotalSeconds,
            (peer.CpuMicroseconds - cpu) / deliveries.Taken,
            deliveries.Latencies.Percentile(0.5),
            deliveries.Latencies.Percentile(0.99),
            deliveries.Refused,
            deliveries.Lost,
            deliveries.Doubled + deliveries.Strange,
            deliveries.Reordered,
        ];
    }
}
