using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>A program at a socket of a real node. Every wait is bounded by 15 seconds.</summary>
public sealed class SocketClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ClientWebSocket _socket;
    private Task<(WebSocketMessageType Type, byte[] Message)>? _receiving;

    private SocketClient(ClientWebSocket socket) => _socket = socket;

    /// <summary>Connects.</summary>
    /// <param name="path">With its query: <c>ws/echo/</c>.</param>
    /// <param name="cookies">The visitor's; null for a stranger.</param>
    /// <param name="origin">As a browser says it; null for a program.</param>
    /// <param name="key">A bot's key, shown in the header; null for none.</param>
    /// <param name="headers">More of them, as a proxy sends them.</param>
    /// <exception cref="WebSocketException">It was not accepted; see <see cref="StatusAsync"/> for the status.</exception>
    public static async Task<SocketClient> ConnectAsync(
        Uri node, string path, CookieContainer? cookies = null, string? origin = null, string? key = null,
        params (string Name, string Value)[] headers)
    {
        var socket = Create(cookies, origin, key, headers);
        using var timeout = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(Address(node, path), timeout.Token);
        return new SocketClient(socket);
    }

    /// <summary>Tries to connect and returns the HTTP status: 101 when it was accepted.</summary>
    public static async Task<HttpStatusCode> StatusAsync(
        Uri node, string path, CookieContainer? cookies = null, string? origin = null, string? key = null,
        params (string Name, string Value)[] headers)
    {
        using var socket = Create(cookies, origin, key, headers);
        socket.Options.CollectHttpResponseDetails = true;
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            await socket.ConnectAsync(Address(node, path), timeout.Token);
        }
        catch (WebSocketException)
        {
            // The status says it.
        }

        return socket.HttpStatusCode;
    }

    public Task SendTextAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    /// <summary>Sends one message, in as many frames as the parts.</summary>
    public async Task SendAsync(byte[] message, WebSocketMessageType type)
    {
        using var timeout = new CancellationTokenSource(Patience);
        await _socket.SendAsync(message, type, endOfMessage: true, timeout.Token);
    }

    /// <summary>The next text message.</summary>
    /// <exception cref="InvalidOperationException">The socket was closed, or sent something else.</exception>
    public async Task<string> ReceiveTextAsync()
    {
        var (type, message) = await ReceiveAsync();
        return type == WebSocketMessageType.Text
            ? Encoding.UTF8.GetString(message)
            : throw new InvalidOperationException($"Not a text: {type} {_socket.CloseStatus} {_socket.CloseStatusDescription}");
    }

    /// <summary>The next text message as JSON.</summary>
    public async Task<JsonElement> ReceiveJsonAsync() => JsonDocument.Parse(await ReceiveTextAsync()).RootElement;

    /// <summary>The next JSON message of this type; what comes before it is dropped.</summary>
    public async Task<JsonElement> ReceiveJsonAsync(string type)
    {
        while (true)
        {
            var frame = await ReceiveJsonAsync();
            if (frame.GetProperty("type").GetString() == type)
                return frame;
        }
    }

    /// <summary>The next message, whole.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task<(WebSocketMessageType Type, byte[] Message)> ReceiveAsync()
    {
        var message = await (_receiving ??= ReceiveWholeAsync()).WaitAsync(Patience);
        _receiving = null;
        return message;
    }

    /// <summary>
    /// True when no message comes for a while. To show that something will never come, rather receive what is sent after it;
    /// this is for when nothing is.
    /// </summary>
    /// <param name="time">200 ms when it is not given.</param>
    public async Task<bool> ReceivesNothingAsync(TimeSpan? time = null)
    {
        _receiving ??= ReceiveWholeAsync();
        return await Task.WhenAny(_receiving, Task.Delay(time ?? TimeSpan.FromMilliseconds(200))) != _receiving;
    }

    /// <summary>Reads on until the other side closes; what still came before is dropped.</summary>
    /// <returns>The close code and its reason.</returns>
    public async Task<(int Code, string? Reason)> ClosedWithAsync()
    {
        while ((await ReceiveAsync()).Type != WebSocketMessageType.Close)
        {
            // Not yet.
        }

        return ((int)_socket.CloseStatus!, _socket.CloseStatusDescription);
    }

    /// <summary>Reads on until the other side ends the connection, with a close frame or without.</summary>
    /// <exception cref="TimeoutException">It did not.</exception>
    public async Task EndedAsync()
    {
        try
        {
            await ClosedWithAsync();
        }
        catch (WebSocketException)
        {
            // Without.
        }
    }

    /// <summary>Closes and waits for the other side's close frame.</summary>
    public async Task CloseAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, timeout.Token);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<(WebSocketMessageType Type, byte[] Message)> ReceiveWholeAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return (part.MessageType, message.ToArray());
        }
    }

    private static ClientWebSocket Create(CookieContainer? cookies, string? origin, string? key, (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        socket.Options.Cookies = cookies;
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        if (key is not null)
            socket.Options.SetRequestHeader("Authorization", $"Bearer {key}");
        foreach (var (name, value) in headers)
            socket.Options.SetRequestHeader(name, value);
        return socket;
    }

    private static Uri Address(Uri node, string path) => new($"ws://{node.Authority}/{path}");
}
