using System.Net;
using System.Net.Sockets;

namespace BlazorChat.Tests.Support.Proxies;

/// <summary>
/// A proxy that stops forwarding the open event streams when the test says so, without closing them, as some proxies do with compressed streams.
/// Later streams and everything else are forwarded.
/// </summary>
internal sealed class HoldingProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _node;
    private readonly List<Task> _relays = [];
    private readonly Task _accepting;
    private CancellationTokenSource _holding = new();

    public HoldingProxy(Uri node)
    {
        _node = node;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Stops forwarding the event streams that are open now.</summary>
    public void Hold() => Interlocked.Exchange(ref _holding, new CancellationTokenSource()).Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_relays);
        _stop.Dispose();
        _holding.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _relays.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_stop.Token), _holding.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task RelayAsync(TcpClient browser, CancellationToken held)
    {
        using var server = new TcpClient();
        using (browser)
        {
            try
            {
                await server.ConnectAsync(_node.Host, _node.Port, _stop.Token);
                using var closed = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                var up = CopyAsync(browser, server, closed, CancellationToken.None);
                await CopyAsync(server, browser, closed, held);
                await up;
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                // The test is over.
            }
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to, CancellationTokenSource closed, CancellationToken held)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            var isStream = false;
            int count;
            while ((count = await from.GetStream().ReadAsync(buffer, closed.Token)) > 0)
            {
                if (buffer.AsSpan(0, count).IndexOf("text/event-stream"u8) >= 0)
                    isStream = !held.IsCancellationRequested;
                if (!isStream || !held.IsCancellationRequested)
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, count), closed.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // One side has closed the connection.
        }
        finally
        {
            await closed.CancelAsync();
        }
    }
}
