using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Circuits;

/// <summary>The cost of an idle circuit.</summary>
/// <param name="hasChats">Whether pages are measured that <see cref="CircuitMessages"/> measures too.</param>
internal sealed class IdleCircuits(int circuits, bool hasChats = true) : CircuitMeasurement(new Table(
    $"{circuits:N0} idle circuits, 50 messages shown",
    new Column("KiB per circuit, resident", "0", IsCharted: true),
    new Column("managed", "0", IsCharted: true),
    new Column("CPU ms to open one"),
    new Column("closed", "0", MustBeZero: true)))
{
    private const double KiB = 1024;
    private const double MicrosecondsPerMillisecond = 1000;
    private const int WarmUpCircuits = 20;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    public override bool Concerns(CircuitPeer peer) => hasChats || !peer.IsChat || peer.IsVariant;

    protected override async Task<double?[]> MeasureAsync(CircuitPeer peer, Run run, CancellationToken cancellationToken)
    {
        // They stay: a node remembers for a while those that have gone.
        await using var others = await CircuitLoad.OpenAsync(peer, Math.Min(circuits, WarmUpCircuits), cancellationToken);
        await Task.Delay(Settling, cancellationToken);
        var before = await peer.Server.MeasureMemoryAsync(cancellationToken);
        var cpu = peer.Server.CpuMicroseconds;
        await using var load = await CircuitLoad.OpenAsync(peer, circuits, cancellationToken);
        await Task.Delay(Settling, cancellationToken);
        cpu = peer.Server.CpuMicroseconds - cpu;
        var after = await peer.Server.MeasureMemoryAsync(cancellationToken);
        return [(after.Resident - before.Resident) / KiB / circuits, (after.Managed - before.Managed) / KiB / circuits, cpu / MicrosecondsPerMillisecond / circuits, load.Closed];
    }
}
