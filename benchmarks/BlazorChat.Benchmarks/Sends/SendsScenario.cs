using System.Diagnostics;
using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Sends;

/// <summary>Messages that are on the disk before their senders get the answer, on SQLite. Each sender waits for the answer before the next message.</summary>
internal sealed class SendsScenario : IScenario
{
    private const string Text = "The quick brown fox jumps over **the lazy dog**";

    private static readonly (string Name, Func<int, CancellationToken, Task<ISendPeer>> Start)[] Peers =
        [("SaveChanges for each message", SaveChangesSends.StartAsync), (IScenario.Own, BlazorChatSends.StartAsync)];

    public string Name => "sends";

    public async Task<IReadOnlyList<Table>> MeasureAsync(Run run, CancellationToken cancellationToken)
    {
        var tables = new List<Table>();
        foreach (var senders in run.IsQuick ? [4] : new[] { 1, 10, 50, 200 })
        {
            var table = new Table(
                senders == 1 ? "1 sender" : $"{senders} senders at once",
                new Column("messages per second", "N0", IsCharted: true),
                new Column("CPU µs per message", "0", IsCharted: true),
                new Column("ms p50"),
                new Column("p99"),
                new Column("lost", "0", MustBeZero: true),
                new Column("doubled", "0", MustBeZero: true));
            tables.Add(table);
            for (var round = 1; round <= run.Rounds; round++)
            {
                foreach (var (name, start) in Peers.Where(peer => run.Wants(table.Title, peer.Name)))
                {
                    Run.Report($"sends: {table.Title}, round {round} of {run.Rounds}, {name}");
                    await using var peer = await start(senders, cancellationToken);
                    await SendAsync(peer, senders, TimeSpan.FromSeconds(run.IsQuick ? 0.2 : 6), cancellationToken);
                    table.Add(name, await MeasureAsync(peer, senders, TimeSpan.FromSeconds(run.Seconds), cancellationToken));
                }
            }
        }

        return tables;
    }

    private static async Task<double?[]> MeasureAsync(ISendPeer peer, int senders, TimeSpan duration, CancellationToken cancellationToken)
    {
        var before = await peer.SendAsync(0, Text, cancellationToken);
        var (began, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var sent = await SendAsync(peer, senders, duration, cancellationToken);
        var (elapsed, used) = (Stopwatch.GetElapsedTime(began), Environment.CpuUsage.TotalTime - cpu);
        var last = await peer.SendAsync(0, Text, cancellationToken);

        var latencies = new Latencies();
        foreach (var (_, latency) in sent)
            latencies.Add(latency);
        var kept = sent.Select(message => message.Sequence).Distinct().Count();
        return
        [
            sent.Count / elapsed.TotalSeconds,
            used.TotalMicroseconds / sent.Count,
            latencies.Percentile(0.5),
            latencies.Percentile(0.99),
            // The sequences of the room give the number of messages.
            sent.Count - (last - before - 1),
            sent.Count - kept,
        ];
    }

    private static async Task<List<(long Sequence, TimeSpan Latency)>> SendAsync(
        ISendPeer peer, int senders, TimeSpan duration, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Run(
            async () =>
            {
                var sent = new List<(long, TimeSpan)>();
                while (Stopwatch.GetElapsedTime(began) < duration)
                {
                    var at = Stopwatch.GetTimestamp();
                    sent.Add((await peer.SendAsync(sender, Text, cancellationToken), Stopwatch.GetElapsedTime(at)));
                }

                return sent;
            },
            cancellationToken)));
        return [.. all.SelectMany(sent => sent)];
    }
}
