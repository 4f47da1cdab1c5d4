using System.Diagnostics;
using BlazorChat.Benchmarks.Measuring;
using BlazorChat.Channels;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Layer.Envelopes;

namespace BlazorChat.Benchmarks.Groups;

/// <summary>
/// How long a node takes to subscribe to many groups at Redis: when all of its circuits start at the same time, and when Redis was
/// killed and is back. The second includes finding it again, which the row of one group has alone.
/// </summary>
internal sealed class GroupsScenario : IScenario
{
    public string Name => "groups";

    public async Task<IReadOnlyList<Table>> MeasureAsync(Run run, CancellationToken cancellationToken)
    {
        var table = new Table(
            "Groups of one node",
            new Column("ms to join all at once", "0", IsCharted: true),
            new Column("ms to have all again after Redis is back", "0", IsCharted: true),
            new Column("times that Redis was given up", "0", MustBeZero: true))
        {
            IsOurs = true,
        };
        for (var round = 1; round <= run.Rounds; round++)
        {
            foreach (var count in run.IsQuick ? new[] { 1, 1_000 } : [1, 2_000, 20_000])
            {
                var name = count == 1 ? "one group" : $"{count:N0} groups";
                if (!run.Wants(table.Title, name))
                    continue;
                Run.Report($"groups: round {round} of {run.Rounds}, {name}");
                table.Add(name, await MeasureAsync(count, cancellationToken));
            }
        }

        return [table];
    }

    private static async Task<double?[]> MeasureAsync(int count, CancellationToken cancellationToken)
    {
        await using var redis = await RedisServer.StartAsync();
        using var node = await StartAsync(redis.ConnectionString, cancellationToken);
        var layer = node.Services.GetRequiredService<IChannelLayer>();
        var backplane = node.Services.GetRequiredService<IBackplane>();
        await layer.WaitForStateAsync(LayerState.Connected);
        var givenUp = 0;
        using var states = layer.OnStateChanged(state => givenUp += state == LayerState.Degraded ? 1 : 0);

        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => backplane.SubscribeAsync($"room.{i}"))).WaitAsync(cancellationToken);
        var joined = Stopwatch.GetElapsedTime(began);

        await redis.KillAsync();
        await layer.WaitForStateAsync(LayerState.Degraded);
        // That Redis was killed is no error of the node.
        givenUp--;
        await redis.StartAgainAsync();
        began = Stopwatch.GetTimestamp();
        await layer.WaitForStateAsync(LayerState.Connected);
        var restored = Stopwatch.GetElapsedTime(began);
        await node.StopAsync(cancellationToken);
        return [joined.TotalMilliseconds, restored.TotalMilliseconds, givenUp];
    }

    private static async Task<IHost> StartAsync(string redis, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ILayerSecret, NoSecret>();
        builder.Services.AddChannels(builder.Configuration.GetSection("Channels"), redis);
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return host;
    }

    private sealed class NoSecret : ILayerSecret
    {
        public Task<byte[]> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(new byte[32]);
    }
}
