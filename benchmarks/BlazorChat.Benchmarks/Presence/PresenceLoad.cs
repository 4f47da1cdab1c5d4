using System.Collections.Concurrent;
using System.Diagnostics;
using BlazorChat.Accounts.Presence;
using BlazorChat.Benchmarks.Measuring;
using BlazorChat.Benchmarks.Servers;
using BlazorChat.Channels;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Layer.Envelopes;

namespace BlazorChat.Benchmarks.Presence;

/// <summary>
/// Two nodes in this process and a Redis. Everybody has a window with the dots of some others, and is active once a minute. Rendering is left out.
/// </summary>
internal sealed class PresenceLoad : IAsyncDisposable
{
    /// <summary>Dots that a window shows.</summary>
    private const int Dots = 10;

    private const int Nodes = 2;

    private const int Rooms = 50;

    private static readonly TimeSpan StepInterval = TimeSpan.FromMilliseconds(100);

    private readonly List<PresenceConnection> _windows = [];
    private readonly ConcurrentDictionary<int, long> _connectedAt = new();
    private readonly ConcurrentQueue<TimeSpan> _delays = new();
    private readonly Random _random = new(7);
    private readonly RedisServer _redis;
    private readonly IHost[] _nodes;
    private int _lastId;

    private PresenceLoad(RedisServer redis, IHost[] nodes) => (_redis, _nodes) = (redis, nodes);

    public static Column[] Columns =>
    [
        new("% of a core for each node", "0.00", IsCharted: true),
        new("% of a core for Redis", "0.00"),
        new("ms until the other node knows, p50", "0"),
        new("p99", "0"),
    ];

    public static async Task<PresenceLoad> StartAsync(int people, CancellationToken cancellationToken)
    {
        var redis = await RedisServer.StartAsync();
        var load = new PresenceLoad(redis, await Task.WhenAll(Enumerable.Range(0, Nodes).Select(_ => StartNodeAsync(redis.ConnectionString, cancellationToken))));
        for (var i = 0; i < people; i++)
            load.Connect();
        for (var id = 1; id <= people; id++)
        {
            for (var dot = 0; dot < Dots; dot++)
                load.PresenceOf(id).Subscribe(load._random.Next(1, people + 1), static () => { });
        }

        await load.WaitUntilKnownAsync(cancellationToken);
        return load;
    }

    /// <summary>The figures of <see cref="Columns"/>.</summary>
    public async Task<double?[]> MeasureAsync(bool isBusy, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var followers = new Followers([.. _nodes.Select((_, node) => Follow(node))]);
        var busy = isBusy ? Math.Max(1, _windows.Count / 100) : 0;
        var active = Math.Max(1, _windows.Count / 60);
        // What is compiled and cached at first is not measured.
        await KeepAsync(busy, active, duration / 2, cancellationToken);
        await WaitUntilKnownAsync(cancellationToken);
        _delays.Clear();
        GC.Collect();
        var (cpu, redisCpu, began) = (Environment.CpuUsage.TotalTime, RedisCpu, Stopwatch.GetTimestamp());
        await KeepAsync(busy, active, duration, cancellationToken);
        var lasted = Stopwatch.GetElapsedTime(began);
        (cpu, redisCpu) = (Environment.CpuUsage.TotalTime - cpu, RedisCpu - redisCpu);
        await WaitUntilKnownAsync(cancellationToken);
        var delays = new Latencies();
        foreach (var delay in _delays)
            delays.Add(delay);
        return
        [
            100 * cpu / lasted / Nodes,
            100 * redisCpu / lasted.TotalMicroseconds,
            isBusy ? delays.Percentile(0.5) : 0,
            isBusy ? delays.Percentile(0.99) : 0,
        ];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var window in _windows)
            window.Dispose();
        foreach (var node in _nodes)
        {
            await node.StopAsync();
            node.Dispose();
        }

        await _redis.DisposeAsync();
    }

    private double RedisCpu => ProcessorTime.FirstThreadMicrosecondsOf(_redis.ProcessId);

    private static async Task<IHost> StartNodeAsync(string redis, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ILayerSecret, NoSecret>();
        builder.Services.AddChannels(builder.Configuration.GetSection("Channels"), redis);
        builder.Services.AddPresence();
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        await host.Services.GetRequiredService<IChannelLayer>().WaitForStateAsync(LayerState.Connected);
        return host;
    }

    private PresenceDirectory PresenceOf(int personId) => PresenceAt(personId % Nodes);

    private PresenceDirectory PresenceAt(int node) => _nodes[node].Services.GetRequiredService<PresenceDirectory>();

    private async Task KeepAsync(int busy, int active, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(StepInterval);
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < duration; await timer.WaitForNextTickAsync(cancellationToken))
            Step(busy, active);
    }

    /// <summary>A tenth of what happens in a second: some are active, and some come, go, or open another room.</summary>
    private void Step(int busy, int active)
    {
        for (var i = 0; i < Share(active) && _windows.Count > 0; i++)
            _windows[_random.Next(_windows.Count)].Touch();
        for (var i = 0; i < Share(busy); i++)
        {
            _windows[_random.Next(_windows.Count)].RoomId = _random.Next(1, Rooms + 1);
            if (i % 2 == 0)
                continue;
            Connect();
            _windows[0].Dispose();
            _windows.RemoveAt(0);
        }
    }

    private int Share(int perSecond) => (perSecond / 10) + (_random.Next(10) < perSecond % 10 ? 1 : 0);

    private void Connect()
    {
        var id = ++_lastId;
        _connectedAt[id] = Stopwatch.GetTimestamp();
        var window = PresenceOf(id).Here.Open(id, isBot: false, isActive: true);
        window.RoomId = _random.Next(1, Rooms + 1);
        _windows.Add(window);
    }

    /// <summary>Notes when a node has been told of a person who is connected to the other one.</summary>
    private IDisposable Follow(int node) => PresenceAt(node).Follow(people =>
    {
        foreach (var id in people.Where(id => id % Nodes != node))
        {
            if (_connectedAt.TryRemove(id, out var at))
                _delays.Enqueue(Stopwatch.GetElapsedTime(at));
        }
    });

    private async Task WaitUntilKnownAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TestWait.Limit);
        foreach (var id in _connectedAt.Keys)
        {
            while (PresenceOf(id + 1).Elsewhere.Find(id) is null && PresenceOf(id).Here.Find(id) is not null)
                await Task.Delay(20, timeout.Token);
            _connectedAt.TryRemove(id, out _);
        }
    }

    private sealed class NoSecret : ILayerSecret
    {
        public Task<byte[]> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(new byte[32]);
    }

    private sealed class Followers(IDisposable[] subscriptions) : IDisposable
    {
        public void Dispose() => Array.ForEach(subscriptions, subscription => subscription.Dispose());
    }
}
