using BlazorChat.Benchmarks.Load;
using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Streams;

/// <summary>A post to all followers of one liveblog on one node.</summary>
internal sealed class StreamsScenario : IScenario
{
    private const double KiB = 1024;

    private const int WarmUpFollowers = 100;
    private const int WarmUpPosts = 200;

    private static readonly TimeSpan WarmUpPace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(20);

    public string Name => "streams";

    public async Task<IReadOnlyList<Table>> MeasureAsync(Run run, CancellationToken cancellationToken)
    {
        var followers = run.IsQuick ? 200 : 10_000;
        var table = new Table(
            $"{followers:N0} followers of a stream, a post each second",
            new Column("ms to the last follower, median", IsCharted: true),
            new Column("the slowest post"),
            new Column("ms to each, p50"),
            new Column("p99"),
            new Column("CPU µs per delivery", IsCharted: true),
            new Column("KiB per follower, resident", IsCharted: true),
            new Column("managed", IsCharted: true),
            new Column("bytes per delivery", "0"),
            new Column("lost", "0", MustBeZero: true),
            new Column("doubled", "0", MustBeZero: true),
            new Column("reordered", "0", MustBeZero: true));
        for (var round = 1; round <= run.Rounds; round++)
        {
            foreach (var (name, create) in Peers.Where(peer => run.Wants(table.Title, peer.Name)))
            {
                Run.Report($"streams, round {round} of {run.Rounds}, {name}: starts");
                await using var peer = create();
                await peer.StartAsync(cancellationToken);
                table.Add(name, await MeasureAsync(peer, followers, run.Seconds, step => Run.Report($"streams, round {round} of {run.Rounds}, {name}: {step}"), cancellationToken));
            }
        }

        return [table];
    }

    private static (string Name, Func<StreamPeer> Create)[] Peers => [("bare Kestrel", () => new KestrelStream()), (IScenario.Own, () => new BlazorChatStream())];

    private static async Task<double?[]> MeasureAsync(StreamPeer peer, int count, int seconds, Action<string> report, CancellationToken cancellationToken)
    {
        report("warms up");
        await FollowAsync(peer, Math.Min(count, WarmUpFollowers), WarmUpPosts, WarmUpPace, cancellationToken);
        await Task.Delay(Settling, cancellationToken);

        var before = await peer.Server.MeasureMemoryAsync(cancellationToken);
        var deliveries = new Deliveries(count, seconds);
        report($"{count:N0} followers come");
        using var followers = await StreamFollowers.ConnectAsync(peer.Server.Address, peer.Path, count, deliveries, peer.LastId, cancellationToken);
        var after = await peer.Server.MeasureMemoryAsync(cancellationToken);

        report($"posts for {seconds} s");
        var cpu = peer.Server.CpuMicroseconds;
        var bytes = followers.Bytes;
        await PublishAsync(peer, deliveries, seconds, TimeSpan.FromSeconds(1), cancellationToken);
        cpu = peer.Server.CpuMicroseconds - cpu;

        var toLast = deliveries.ToLast.Order().ToArray();
        return
        [
            toLast.ElementAtOrDefault(toLast.Length / 2),
            toLast.LastOrDefault(),
            deliveries.Latencies.Percentile(0.5),
            deliveries.Latencies.Percentile(0.99),
            cpu / deliveries.Delivered,
            (after.Resident - before.Resident) / KiB / count,
            (after.Managed - before.Managed) / KiB / count,
            (double)(followers.Bytes - bytes) / deliveries.Delivered,
            deliveries.Lost,
            deliveries.Doubled,
            deliveries.Reordered + deliveries.Strange,
        ];
    }

    private static async Task FollowAsync(StreamPeer peer, int count, int posts, TimeSpan pace, CancellationToken cancellationToken)
    {
        var deliveries = new Deliveries(count, posts);
        using var followers = await StreamFollowers.ConnectAsync(peer.Server.Address, peer.Path, count, deliveries, peer.LastId, cancellationToken);
        await PublishAsync(peer, deliveries, posts, pace, cancellationToken);
    }

    private static async Task PublishAsync(StreamPeer peer, Deliveries deliveries, int posts, TimeSpan pace, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(pace);
        for (var i = 0; i < posts; i++)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            deliveries.Send();
            await peer.PublishAsync(cancellationToken);
        }

        await deliveries.WaitAsync(DrainTimeout, cancellationToken);
    }
}
