using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>
/// A WebSocket peer that is not a .NET program: Node.js with the package <c>ws</c>, in a process of its own. Every wait has the timeout
/// <see cref="TestWait.Limit"/>.
/// </summary>
public sealed class NodeJsPeer : IAsyncDisposable
{
    private readonly Process _process;

    private NodeJsPeer(Process process) => _process = process;

    /// <summary>Starts the peer and connects it.</summary>
    /// <param name="node">The address of a node.</param>
    /// <param name="path">The path with its query: <c>ws/echo/</c>.</param>
    /// <param name="cookies">The cookies of the visitor; null for an anonymous one.</param>
    /// <returns>The peer, and the HTTP status of the handshake: 101 when it is connected.</returns>
    /// <exception cref="System.ComponentModel.Win32Exception">Node.js is not installed.</exception>
    /// <exception cref="InvalidOperationException">The process ended before it was connected; the package may be missing.</exception>
    public static async Task<(NodeJsPeer Peer, HttpStatusCode Status)> ConnectAsync(Uri node, string path, CookieContainer? cookies = null)
    {
        var script = Path.Combine(Node.Repository, "BlazorChat.Tests", "Node", "peer.mjs");
        var start = new ProcessStartInfo("node", [script, $"ws://{node.Authority}/{path}"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (cookies is not null)
            start.ArgumentList.Add($"Cookie: {cookies.GetCookieHeader(node)}");
        var peer = new NodeJsPeer(Process.Start(start)!);
        var first = await peer.ReceiveAsync();
        return (peer, first.TryGetProperty("status", out var status) ? (HttpStatusCode)status.GetInt32() : HttpStatusCode.SwitchingProtocols);
    }

    public Task SendTextAsync(string text) => WriteAsync(new { text });

    public Task SendAsync(byte[] bytes) => WriteAsync(new { base64 = Convert.ToBase64String(bytes) });

    /// <summary>Waits for the next line of peer.mjs: <c>text</c> or <c>base64</c>, or <c>close</c> with its <c>reason</c>.</summary>
    public async Task<JsonElement> ReceiveAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(TestWait.Limit) is { } line
            ? JsonDocument.Parse(line).RootElement
            : throw new InvalidOperationException("The peer has ended; is the package there (npm install in BlazorChat.Tests/Node)?");

    /// <summary>The next text message, as JSON.</summary>
    public async Task<JsonElement> ReceiveJsonAsync() => JsonDocument.Parse((await ReceiveAsync()).GetProperty("text").GetString()!).RootElement;

    /// <summary>Closes normally and waits for the close frame of the server.</summary>
    /// <returns>The close code and its reason.</returns>
    public async Task<(int Code, string Reason)> CloseAsync()
    {
        await WriteAsync(new { close = 1000 });
        return await ClosedWithAsync();
    }

    /// <summary>Drops messages until the socket is closed.</summary>
    /// <returns>The close code and its reason.</returns>
    public async Task<(int Code, string Reason)> ClosedWithAsync()
    {
        while (true)
        {
            var line = await ReceiveAsync();
            if (line.TryGetProperty("close", out var code))
                return (code.GetInt32(), line.GetProperty("reason").GetString()!);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(TestWait.Limit);
        _process.Dispose();
    }

    private async Task WriteAsync<T>(T line)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(line)).WaitAsync(TestWait.Limit);
        await _process.StandardInput.FlushAsync().WaitAsync(TestWait.Limit);
    }
}
