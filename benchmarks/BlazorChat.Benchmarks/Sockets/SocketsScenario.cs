using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Sockets;

/// <summary>Rooms as programs see them: over WebSockets.</summary>
internal sealed class SocketsScenario : IScenario
{
    private const int MaxQuickSockets = 50;

    private static readonly Func<SocketPeer>[] Peers =
        [() => new KestrelRoom(), ChannelsRoom.Usual, ChannelsRoom.Fastest, () => new SignalRRoom(), () => new BlazorChatRoom()];

    public string Name => "sockets";

    public async Task<IReadOnlyList<Table>> MeasureAsync(Run run, CancellationToken cancellationToken)
    {
        SocketMeasurement[] measurements = run.IsQuick
            ?
            [
                new FanOut(nodes: 1, sockets: 20, perSecond: 50),
                new FanOut(nodes: 2, sockets: 20, perSecond: 50),
                new ClosedLoop(nodes: 2, sockets: 20, underWay: 8),
                new EchoLoop(sockets: 4),
                new IdleSockets(sockets: MaxQuickSockets),
                new StalledReaders(sockets: 20, stalled: 4, perSecond: 150, TimeSpan.FromSeconds(5)),
                new RedisOutage(sockets: 10),
            ]
            :
            [
                new FanOut(nodes: 1, sockets: 200, perSecond: 50),
                new FanOut(nodes: 2, sockets: 200, perSecond: 50),
                new FanOut(nodes: 1, sockets: 1_000, perSecond: 50),
                new FanOut(nodes: 2, sockets: 1_000, perSecond: 50),
                new ClosedLoop(nodes: 2, sockets: 200, underWay: 64),
                new EchoLoop(sockets: 50),
                new IdleSockets(sockets: 2_000),
                new RedisOutage(sockets: 100),
                new StalledReaders(sockets: 100, stalled: 10, perSecond: 50, TimeSpan.FromSeconds(30)),
            ];
        if (run.IsQuick)
            await MeasureQuicklyAsync(measurements, run, cancellationToken);
        foreach (var measurement in run.IsQuick ? [] : measurements)
        {
            for (var round = 1; round <= run.Rounds; round++)
                await MeasureAsync(measurement, round, run, cancellationToken);
        }

        return [.. measurements.Select(measurement => measurement.Table)];
    }

    /// <summary>Starts each peer once. Those of others show by the first table that they can be measured still.</summary>
    private static async Task MeasureQuicklyAsync(SocketMeasurement[] measurements, Run run, CancellationToken cancellationToken)
    {
        foreach (var create in Peers)
        {
            await using var peer = create();
            if (peer.Missing is { } why)
            {
                measurements[0].Table.Skip(peer.Name, why);
                continue;
            }

            await using var redis = await RedisServer.StartAsync();
            await peer.StartAsync(peer.HasBackplane ? 2 : 1, redis.ConnectionString, MaxQuickSockets, cancellationToken);
            foreach (var measurement in peer.Name == IScenario.Own ? measurements : measurements[..1])
            {
                Run.Report($"sockets: {measurement.Table.Title}, {peer.Name}");
                await measurement.AddAsync(peer, redis, run, cancellationToken);
            }
        }
    }

    private static async Task MeasureAsync(SocketMeasurement measurement, int round, Run run, CancellationToken cancellationToken)
    {
        foreach (var create in Peers)
        {
            var peer = create();
            if (!measurement.Concerns(peer) || !run.Wants(measurement.Table.Title, peer.Name))
                continue;
            Run.Report($"sockets: {measurement.Table.Title}, round {round} of {run.Rounds}, {peer.Name}");
            if (peer.Missing is { } why)
                measurement.Table.Skip(peer.Name, why);
            else
                await measurement.AddAsync(peer, run, cancellationToken);
        }
    }
}
