using BlazorChat.Benchmarks.Measuring;
using BlazorChat.Benchmarks.Sockets;

namespace BlazorChat.Benchmarks.Nodes;

/// <summary>What another node costs the others and Redis: more of them, with one room that is open on all, than anybody would run for so few.</summary>
internal sealed class NodesScenario : IScenario
{
    public string Name => "nodes";

    public async Task<IReadOnlyList<Table>> MeasureAsync(Run run, CancellationToken cancellationToken)
    {
        var (counts, sockets, perSecond) = run.IsQuick ? (new[] { 1, 3 }, 12, 20) : ([1, 2, 4, 8, 16], 160, 50);
        var table = new Table($"{sockets:N0} sockets in one room, {perSecond:N0} messages a second", NodeFanOut.Columns) { IsOurs = true };
        for (var round = 1; round <= run.Rounds; round++)
        {
            foreach (var count in counts)
            {
                var name = count == 1 ? "one node" : $"{count} nodes";
                if (!run.Wants(table.Title, name))
                    continue;
                Run.Report($"nodes: round {round} of {run.Rounds}, {name}");
                await new NodeFanOut(table, count, sockets, perSecond).AddAsync(new BlazorChatRoom(name), run, cancellationToken);
            }
        }

        return [table];
    }
}
