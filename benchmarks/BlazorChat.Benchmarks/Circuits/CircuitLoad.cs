using System.Buffers.Text;
using System.Diagnostics;
using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Circuits;

/// <summary>Many circuits of one page. Each message has a number, by which it is found in render batches.</summary>
internal sealed class CircuitLoad : IAsyncDisposable
{
    private const int AtOnce = 8;
    private const int PagesPerBrowser = 10;
    private const int NumberLength = 8;

    /// <summary>The senders alternate: messages of different senders may arrive in another order, those of one sender may not.</summary>
    public const int Senders = 40;

    private static readonly byte[] Mark = "bench "u8.ToArray();

    private readonly Lock _counting = new();
    private readonly List<FormClient> _browsers = [];
    private readonly HeadlessCircuit?[] _circuits;
    private readonly CircuitPeer _peer;
    private int _sent;

    private CircuitLoad(CircuitPeer peer, int count)
    {
        _peer = peer;
        _circuits = new HeadlessCircuit?[count];
        Deliveries = new Deliveries(count, 0);
    }

    /// <summary>Counts what each circuit shows. A new instance counts from zero.</summary>
    public Deliveries Deliveries { get; set; }

    /// <summary>Bytes of all batches, before compression.</summary>
    public long Bytes => _circuits.Sum(circuit => circuit?.Bytes ?? 0);

    public int Closed => _circuits.Count(circuit => circuit is not { IsConnected: true });

    /// <exception cref="InvalidOperationException">A circuit was refused, or ended.</exception>
    public static async Task<CircuitLoad> OpenAsync(CircuitPeer peer, int count, CancellationToken cancellationToken)
    {
        var load = new CircuitLoad(peer, count);
        try
        {
            for (var i = 0; i < count; i += PagesPerBrowser)
                load._browsers.Add(await peer.NewBrowserAsync());
            var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
            await Parallel.ForAsync(0, count, options, async (index, _) =>
                load._circuits[index] = await HeadlessCircuit.OpenAsync(load._browsers[index / PagesPerBrowser], peer.Path, batch => load.Receive(index, batch)));
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a new message.</summary>
    public Task SendMessageAsync(CancellationToken cancellationToken) =>
        _peer.SendMessageAsync($"bench {Deliveries.Send(_sent++ % Senders):D8} the quick brown fox jumps over the lazy dog", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var circuit in _circuits)
        {
            if (circuit is not null)
                await circuit.DisposeAsync();
        }

        foreach (var browser in _browsers)
            browser.Dispose();
    }

    private void Receive(int circuit, ReadOnlySpan<byte> batch)
    {
        var now = Stopwatch.GetTimestamp();
        for (var at = batch.IndexOf(Mark); at >= 0; at = batch.IndexOf(Mark))
        {
            batch = batch[(at + Mark.Length)..];
            if (!Utf8Parser.TryParse(batch[..NumberLength], out int number, out _))
                continue;
            lock (_counting)
                Deliveries.Received(circuit, number, now);
        }
    }
}
