using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Presence;

/// <summary>What the presence of many people costs two nodes that share a Redis, while they only stay, and while they come, go and look around.</summary>
internal sealed class PresenceScenario : IScenario
{
    public string Name => "presence";

    public async Task<IReadOnlyList<Table>> MeasureAsync(Run run, CancellationToken cancellationToken)
    {
        var people = run.IsQuick ? 200 : 10_000;
        var table = new Table($"{people:N0} people on two nodes", PresenceLoad.Columns) { IsOurs = true };
        for (var round = 1; round <= run.Rounds; round++)
        {
            foreach (var (name, count, isBusy) in new[] { ("nobody", 0, false), ("everybody stays", people, false), ("one in a hundred changes each second", people, true) })
            {
                if (!run.Wants(table.Title, name))
                    continue;
                Run.Report($"presence: round {round} of {run.Rounds}, {name}");
                await using var load = await PresenceLoad.StartAsync(count, cancellationToken);
                table.Add(name, await load.MeasureAsync(isBusy, TimeSpan.FromSeconds(run.Seconds), cancellationToken));
            }
        }

        return [table];
    }
}
