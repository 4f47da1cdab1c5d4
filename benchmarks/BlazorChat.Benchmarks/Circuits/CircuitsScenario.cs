using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Circuits;

/// <summary>A room as people see it: by pages of Blazor Server.</summary>
internal sealed class CircuitsScenario : IScenario
{
    private static readonly Func<CircuitPeer>[] Peers = [() => new HelloWorld(), TutorialChat.WithHub, TutorialChat.WithService, BlazorChatPage.AsItIs, BlazorChatPage.Compressed];

    public string Name => "circuits";

    public async Task<IReadOnlyList<Table>> MeasureAsync(Run run, CancellationToken cancellationToken)
    {
        CircuitMeasurement[] measurements = run.IsQuick
            // Each peer once.
            ? [new IdleCircuits(5, hasChats: false), new CircuitMessages(5, perSecond: 10)]
            :
            [
                new IdleCircuits(500),
                new CircuitMessages(50, perSecond: 10),
                new CircuitMessages(100, perSecond: 10),
                new CircuitMessages(200, perSecond: 10, hasVariants: true),
                new CircuitMessages(400, perSecond: 10),
            ];
        foreach (var measurement in measurements)
        {
            for (var round = 1; round <= run.Rounds; round++)
                await MeasureAsync(measurement, round, run, cancellationToken);
        }

        return [.. measurements.Select(measurement => measurement.Table)];
    }

    private static async Task MeasureAsync(CircuitMeasurement measurement, int round, Run run, CancellationToken cancellationToken)
    {
        foreach (var create in Peers)
        {
            var peer = create();
            if (!measurement.Concerns(peer) || !run.Wants(measurement.Table.Title, peer.Name))
                continue;
            Run.Report($"circuits: {measurement.Table.Title}, round {round} of {run.Rounds}, {peer.Name}");
            await measurement.AddAsync(peer, run, cancellationToken);
        }
    }
}
