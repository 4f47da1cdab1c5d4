using System.Diagnostics;
using BlazorChat.Benchmarks.Load;
using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Sockets;

/// <summary>
/// The latency of active readers, and the server's memory, when some readers stop reading, like a closed laptop or a program that hangs.
/// </summary>
/// <param name="duration">Long enough to fill the system's buffer of each connection, some 4 MiB, and the server's queue behind it.</param>
internal sealed class StalledReaders(int sockets, int stalled, int perSecond, TimeSpan duration) : SocketMeasurement(
    new Table(
        $"{sockets:N0} sockets on one node, {perSecond:N0} messages of 7,000 characters a second, {stalled:N0} sockets read nothing",
        new Column("ms p50 of the others", IsCharted: true),
        new Column("p99", IsCharted: true),
        new Column("s to the slowest", "0.00"),
        new Column("MiB more in memory at most", "0", IsCharted: true),
        new Column("stalled and not cut", "0", MustBeZero: true),
        new Column("others closed", "0", MustBeZero: true),
        new Column("refused", "0", MustBeZero: true),
        new Column("lost", "0", MustBeZero: true),
        new Column("doubled", "0", MustBeZero: true),
        new Column("reordered", "0", MustBeZero: true)),
    nodes: 1,
    sockets)
{
    private const int Longer = 7_000;
    private const double MiB = 1024 * 1024;
    private const double Milliseconds = 1000;

    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CutOffTimeout = TimeSpan.FromSeconds(20);

    protected override async Task<double?[]> MeasureAsync(SocketPeer peer, RedisServer redis, TimeSpan _, CancellationToken cancellationToken)
    {
        using var load = await ConnectAsync(peer, cancellationToken, stalled);
        var others = Sockets - stalled;
        var before = await peer.MeasureMemoryAsync(cancellationToken);
        load.Stall();
        var deliveries = load.Deliveries = new Deliveries(others, (int)(perSecond * duration.TotalSeconds), others);
        var sent = 0;
        var talking = Pace.RunAsync(perSecond, duration, () => load.Send(sent++ % others, Longer), cancellationToken);
        var most = await SampleAsync(peer, talking, cancellationToken);
        await deliveries.WaitAsync(DrainTimeout, cancellationToken);
        await WaitForCutAsync(load, cancellationToken);
        return
        [
            deliveries.Latencies.Percentile(0.5),
            deliveries.Latencies.Percentile(0.99),
            deliveries.Latencies.Percentile(1) / Milliseconds,
            Math.Max(0, most - before.Resident) / MiB,
            load.Stalled,
            load.Closed - (stalled - load.Stalled),
            deliveries.Refused,
            deliveries.Lost,
            deliveries.Doubled + deliveries.Strange,
            deliveries.Reordered,
        ];
    }

    private static async Task<long> SampleAsync(SocketPeer peer, Task talking, CancellationToken cancellationToken)
    {
        var most = 0L;
        while (!talking.IsCompleted)
        {
            await Task.WhenAny(talking, Task.Delay(SampleEvery, cancellationToken));
            most = Math.Max(most, peer.Servers.Sum(server => server.ResidentBytes));
        }

        await talking;
        return most;
    }

    private static async Task WaitForCutAsync(SocketLoad load, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (load.Stalled > 0 && Stopwatch.GetElapsedTime(began) < CutOffTimeout)
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
    }
}
