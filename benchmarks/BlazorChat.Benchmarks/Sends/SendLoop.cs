using System.Diagnostics;
using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Sends;

/// <summary>Senders who each wait for the answer before the next message.</summary>
internal static class SendLoop
{
    public static Column[] Columns =>
    [
        new("messages per second", "N0", IsCharted: true),
        new("CPU µs per message", "0", IsCharted: true),
        new("ms p50"),
        new("p99"),
        new("lost", "0", MustBeZero: true),
        new("doubled", "0", MustBeZero: true),
    ];

    /// <summary>The figures of <see cref="Columns"/>.</summary>
    public static async Task<double?[]> MeasureAsync(ISendPeer peer, string text, int senders, TimeSpan duration, CancellationToken cancellationToken)
    {
        var before = await peer.SendAsync(0, text, cancellationToken);
        var (began, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var sent = await SendAsync(peer, text, senders, duration, cancellationToken);
        var (elapsed, used) = (Stopwatch.GetElapsedTime(began), Environment.CpuUsage.TotalTime - cpu);
        var last = await peer.SendAsync(0, text, cancellationToken);

        var latencies = new Latencies();
        foreach (var (_, latency) in sent)
            latencies.Add(latency);
        var stored = sent.Select(message => message.Sequence).Distinct().Count();
        return
        [
            sent.Count / elapsed.TotalSeconds,
            used.TotalMicroseconds / sent.Count,
            latencies.Percentile(0.5),
            latencies.Percentile(0.99),
            // The sequences of the room give the number of messages.
            sent.Count - (last - before - 1),
            sent.Count - stored,
        ];
    }

    public static async Task<List<(long Sequence, TimeSpan Latency)>> SendAsync(
        ISendPeer peer, string text, int senders, TimeSpan duration, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Run(
            async () =>
            {
                var sent = new List<(long, TimeSpan)>();
                while (Stopwatch.GetElapsedTime(began) < duration)
                {
                    var at = Stopwatch.GetTimestamp();
                    sent.Add((await peer.SendAsync(sender, text, cancellationToken), Stopwatch.GetElapsedTime(at)));
                }

                return sent;
            },
            cancellationToken)));
        return [.. all.SelectMany(sent => sent)];
    }
}
