using System.Diagnostics;
using BlazorChat.Benchmarks.Load;
using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Sockets;

/// <summary>One table of the scenario: how a peer is measured in one round.</summary>
internal abstract class SocketMeasurement(Table table, int nodes, int sockets)
{
    private const int WarmUpUnderWay = 8;
    private const int MaxPerSecond = 20_000;

    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(500);

    protected static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(10);

    private TimeSpan _warmUp;

    public Table Table => table;

    protected int Nodes => nodes;

    protected int Sockets => sockets;

    /// <summary>Whether the question makes sense for this peer.</summary>
    public virtual bool Concerns(SocketPeer peer) => nodes == 1 || peer.HasBackplane;

    /// <summary>Starts the peer with a Redis of its own and measures it.</summary>
    public async Task AddAsync(SocketPeer peer, Run run, CancellationToken cancellationToken)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var _ = peer;
        await peer.StartAsync(nodes, redis.ConnectionString, sockets, cancellationToken);
        await AddAsync(peer, redis, run, cancellationToken);
    }

    /// <summary>Measures a peer that runs, on as many nodes as it has.</summary>
    public async Task AddAsync(SocketPeer peer, RedisServer redis, Run run, CancellationToken cancellationToken)
    {
        // Many servers compile one after the other what one compiles at once.
        _warmUp = TimeSpan.FromSeconds(run.IsQuick ? 0.5 : 12 * Math.Max(1, nodes / 2));
        table.Add(peer.Name, await MeasureAsync(peer, redis, TimeSpan.FromSeconds(run.Seconds), cancellationToken));
    }

    protected abstract Task<double?[]> MeasureAsync(SocketPeer peer, RedisServer redis, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Connects all sockets to the room and lets them talk until the servers have compiled what they run.</summary>
    /// <param name="stalling">How many, the last of them, may <see cref="SocketLoad.Stall"/> later.</param>
    protected async Task<SocketLoad> ConnectAsync(SocketPeer peer, CancellationToken cancellationToken, int stalling = 0)
    {
        var load = await SocketLoad.ConnectAsync(peer, peer.Path, sockets, stalling, new Deliveries(sockets, 0), cancellationToken);
        try
        {
            // Some have joined the room only a moment after they were let in.
            await Task.Delay(Settling, cancellationToken);
            await LoopAsync(load, WarmUpUnderWay, _warmUp, cancellationToken);
            return load;
        }
        catch
        {
            load.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Has a new message sent for each that has come back to its sender, from each socket in turn, since each person has a rate limit. Returns when everybody
    /// has everything.
    /// </summary>
    protected static async Task LoopAsync(SocketLoad load, int underWay, TimeSpan duration, CancellationToken cancellationToken)
    {
        load.Deliveries = new Deliveries(load.Count, (int)(MaxPerSecond * duration.TotalSeconds) + underWay, load.Count);
        var began = Stopwatch.GetTimestamp();
        var last = 0;
        load.Returned = _ => SendNext();
        for (var i = 0; i < underWay; i++)
            SendNext();
        await Task.Delay(duration, cancellationToken);
        await load.Deliveries.WaitAsync(DrainTimeout, cancellationToken);
        load.Returned = null;

        void SendNext()
        {
            if (Stopwatch.GetElapsedTime(began) < duration && !load.Deliveries.IsFull)
                load.Send(Interlocked.Increment(ref last) % load.Count);
        }
    }
}
