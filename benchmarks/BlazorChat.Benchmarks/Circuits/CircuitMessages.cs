using BlazorChat.Benchmarks.Load;
using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Circuits;

/// <summary>Messages at a fixed rate into a room that many have open.</summary>
/// <param name="hasVariants">Whether variants of peers are measured too.</param>
internal sealed class CircuitMessages(int circuits, int perSecond, bool hasVariants = false) : CircuitMeasurement(new Table(
    $"{circuits:N0} circuits, {perSecond:N0} messages a second",
    new Column("CPU µs per message and circuit", "0", IsCharted: true),
    new Column("ms p50", IsCharted: true),
    new Column("p99", IsCharted: true),
    new Column("bytes per message and circuit", "N0", IsCharted: true),
    new Column("lost", "0", MustBeZero: true),
    new Column("doubled", "0", MustBeZero: true),
    new Column("reordered", "0", MustBeZero: true)))
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan QuickWarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(20);

    public override bool Concerns(CircuitPeer peer) => peer.IsChat && (hasVariants || !peer.IsVariant);

    protected override async Task<double?[]> MeasureAsync(CircuitPeer peer, Run run, CancellationToken cancellationToken)
    {
        await using var load = await CircuitLoad.OpenAsync(peer, circuits, cancellationToken);
        await TalkAsync(load, run.IsQuick ? QuickWarmUp : WarmUp, cancellationToken);
        var (cpu, bytes) = (peer.Server.CpuMicroseconds, load.Bytes);
        var deliveries = await TalkAsync(load, TimeSpan.FromSeconds(run.Seconds), cancellationToken);
        return
        [
            (peer.Server.CpuMicroseconds - cpu) / deliveries.Delivered,
            deliveries.Latencies.Percentile(0.5),
            deliveries.Latencies.Percentile(0.99),
            (double)(load.Bytes - bytes) / deliveries.Delivered,
            deliveries.Lost,
            deliveries.Doubled + deliveries.Strange,
            deliveries.Reordered,
        ];
    }

    private async Task<Deliveries> TalkAsync(CircuitLoad load, TimeSpan duration, CancellationToken cancellationToken)
    {
        var deliveries = load.Deliveries = new Deliveries(circuits, (int)(perSecond * duration.TotalSeconds), CircuitLoad.Senders);
        var sent = new List<Task>();
        await Pace.RunAsync(perSecond, duration, () => sent.Add(load.SendMessageAsync(cancellationToken)), cancellationToken);
        await Task.WhenAll(sent);
        await deliveries.WaitAsync(DrainTimeout, cancellationToken);
        return deliveries;
    }
}
