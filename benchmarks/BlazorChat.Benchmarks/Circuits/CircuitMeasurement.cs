using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Circuits;

/// <summary>One table of the scenario: how a peer is measured in one round.</summary>
internal abstract class CircuitMeasurement(Table table)
{
    public Table Table => table;

    /// <summary>Whether the question makes sense for this peer.</summary>
    public abstract bool Concerns(CircuitPeer peer);

    /// <summary>Starts the peer and measures it.</summary>
    public async Task AddAsync(CircuitPeer peer, Run run, CancellationToken cancellationToken)
    {
        await using var _ = peer;
        await peer.StartAsync(cancellationToken);
        table.Add(peer.Name, await MeasureAsync(peer, run, cancellationToken));
    }

    protected abstract Task<double?[]> MeasureAsync(CircuitPeer peer, Run run, CancellationToken cancellationToken);
}
