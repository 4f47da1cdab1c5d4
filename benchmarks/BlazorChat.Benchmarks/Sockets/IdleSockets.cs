using BlazorChat.Benchmarks.Load;
using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Sockets;

/// <summary>The cost of an idle socket in a room.</summary>
internal sealed class IdleSockets(int sockets) : SocketMeasurement(
    new Table(
        $"{sockets:N0} idle sockets on one node",
        new Column("KiB per socket, resident", IsCharted: true),
        new Column("managed", IsCharted: true),
        new Column("closed", "0", MustBeZero: true)),
    nodes: 1,
    sockets)
{
    private const double KiB = 1024;
    private const int WarmUpSockets = 50;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    protected override async Task<double?[]> MeasureAsync(SocketPeer peer, RedisServer redis, TimeSpan duration, CancellationToken cancellationToken)
    {
        using (await SocketLoad.ConnectAsync(peer, peer.Path, Math.Min(Sockets, WarmUpSockets), new Deliveries(1, 0), cancellationToken))
            await Task.Delay(Settling, cancellationToken);
        await Task.Delay(Settling, cancellationToken);

        var before = await peer.MeasureMemoryAsync(cancellationToken);
        using var load = await SocketLoad.ConnectAsync(peer, peer.Path, Sockets, new Deliveries(1, 0), cancellationToken);
        await Task.Delay(Settling, cancellationToken);
        var after = await peer.MeasureMemoryAsync(cancellationToken);
        return [(after.Resident - before.Resident) / KiB / Sockets, (after.Managed - before.Managed) / KiB / Sockets, load.Closed];
    }
}
