using BlazorChat.Benchmarks.Load;
using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Sockets;

/// <summary>What people notice when Redis is killed and is back two seconds later.</summary>
internal sealed class RedisOutage(int sockets) : SocketMeasurement(
    new Table(
        $"{sockets:N0} sockets on 2 nodes, 20 messages a second, Redis away for 2 s",
        new Column("s to the slowest delivery", "0.00", IsCharted: true),
        new Column("lost by each socket", IsCharted: true),
        new Column("sockets closed", "0", MustBeZero: true),
        new Column("refused", "0", MustBeZero: true),
        new Column("lost", "0", MustBeZero: true),
        new Column("doubled", "0", MustBeZero: true),
        new Column("reordered", "0", MustBeZero: true)),
    nodes: 2,
    sockets)
{
    private const int PerSecond = 20;
    private const double Milliseconds = 1000;

    private static readonly TimeSpan Away = TimeSpan.FromSeconds(2);

    protected override async Task<double?[]> MeasureAsync(SocketPeer peer, RedisServer redis, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var load = await ConnectAsync(peer, cancellationToken);
        var whole = duration + Away;
        var deliveries = load.Deliveries = new Deliveries(Sockets, (int)(PerSecond * whole.TotalSeconds), Sockets);
        var sender = 0;
        var talking = Pace.RunAsync(PerSecond, whole, () => load.Send(sender++ % Sockets), cancellationToken);
        await Task.Delay(duration / 3, cancellationToken);
        await redis.KillAsync();
        await Task.Delay(Away, cancellationToken);
        await redis.StartAgainAsync();
        await talking;
        await deliveries.WaitAsync(DrainTimeout, cancellationToken);
        return
        [
            deliveries.Latencies.Percentile(1) / Milliseconds,
            (double)deliveries.Lost / Sockets,
            load.Closed,
            deliveries.Refused,
            deliveries.Lost,
            deliveries.Doubled + deliveries.Strange,
            deliveries.Reordered,
        ];
    }
}
