using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Sends;

/// <summary>Messages that are on the disk before their senders get the answer, on SQLite. Each sender waits for the answer before the next message.</summary>
internal sealed class SendsScenario : IScenario
{
    private const string Text = "The quick brown fox jumps over **the lazy dog**";

    private static readonly (string Name, Func<int, CancellationToken, Task<ISendPeer>> Start)[] Peers =
        [("SaveChanges for each message", SaveChangesSends.StartAsync), (IScenario.Own, (senders, token) => BlazorChatSends.StartAsync(senders, haveDevices: false, token))];

    public string Name => "sends";

    public async Task<IReadOnlyList<Table>> MeasureAsync(Run run, CancellationToken cancellationToken)
    {
        var tables = new List<Table>();
        foreach (var senders in run.IsQuick ? [4] : new[] { 1, 10, 50, 200 })
        {
            var table = new Table(senders == 1 ? "1 sender" : $"{senders} senders at once", SendLoop.Columns);
            tables.Add(table);
            for (var round = 1; round <= run.Rounds; round++)
            {
                foreach (var (name, start) in Peers.Where(peer => run.Wants(table.Title, peer.Name)))
                {
                    Run.Report($"sends: {table.Title}, round {round} of {run.Rounds}, {name}");
                    await using var peer = await start(senders, cancellationToken);
                    await SendLoop.SendAsync(peer, Text, senders, TimeSpan.FromSeconds(run.IsQuick ? 0.2 : 6), cancellationToken);
                    table.Add(name, await SendLoop.MeasureAsync(peer, Text, senders, TimeSpan.FromSeconds(run.Seconds), cancellationToken));
                }
            }
        }

        return tables;
    }
}
