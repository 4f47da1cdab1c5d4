using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>
/// A program that is connected to a WebSocket of a real node. Every wait has the timeout <see cref="TestWait.Limit"/>.
/// </summary>
/// <example>
/// <code>
/// await using var socket = await SocketClient.ConnectAsync(node.Address, "ws/echo/");
/// await socket.SendTextAsync("hello");
/// Assert.Equal("hello", await socket.ReceiveTextAsync());
/// </code>
/// </example>
public sealed class SocketClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private Task<(WebSocketMessageType Type, byte[] Message)>? _receiving;

    private SocketClient(ClientWebSocket socket) => _socket = socket;

    /// <summary>Connects.</summary>
    /// <param name="node">The address of a node.</param>
    /// <param name="path">The path with its query: <c>ws/echo/</c>.</param>
    /// <param name="cookies">The cookies of the visitor; null for an anonymous one.</param>
    /// <param name="origin">The origin that a browser sends; null for a program.</param>
    /// <param name="key">The key of a bot, sent in the header <c>Authorization</c>; null for none.</param>
    /// <param name="headers">Further headers, such as those of a proxy.</param>
    /// <exception cref="WebSocketException">The node refused the connection; <see cref="StatusAsync"/> returns the status.</exception>
    public static async Task<SocketClient> ConnectAsync(
        Uri node, string path, CookieContainer? cookies = null, string? origin = null, string? key = null,
        params (string Name, string Value)[] headers)
    {
        var socket = Create(cookies, origin, key, headers);
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        await socket.ConnectAsync(Address(node, path), timeout.Token);
        return new SocketClient(socket);
    }

    /// <summary>Tries to connect and returns the HTTP status: 101 when the node accepted.</summary>
    public static async Task<HttpStatusCode> StatusAsync(
        Uri node, string path, CookieContainer? cookies = null, string? origin = null, string? key = null,
        params (string Name, string Value)[] headers)
    {
        using var socket = Create(cookies, origin, key, headers);
        socket.Options.CollectHttpResponseDetails = true;
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        try
        {
            await socket.ConnectAsync(Address(node, path), timeout.Token);
        }
        catch (WebSocketException)
        {
            // The caller gets the status.
        }

        return socket.HttpStatusCode;
    }

    public Task SendTextAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    /// <summary>Sends one message in one frame.</summary>
    public async Task SendAsync(byte[] message, WebSocketMessageType type)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        await _socket.SendAsync(message, type, endOfMessage: true, timeout.Token);
    }

    /// <summary>Waits for the next message, which is text.</summary>
    /// <exception cref="InvalidOperationException">The socket was closed, or the message is not text.</exception>
    public async Task<string> ReceiveTextAsync()
    {
        var (type, message) = await ReceiveAsync();
        return type == WebSocketMessageType.Text
            ? Encoding.UTF8.GetString(message)
            : throw new InvalidOperationException($"Not a text: {type} {_socket.CloseStatus} {_socket.CloseStatusDescription}");
    }

    /// <summary>Waits for the next message, which is JSON.</summary>
    public async Task<JsonElement> ReceiveJsonAsync() => JsonDocument.Parse(await ReceiveTextAsync()).RootElement;

    /// <summary>Waits for the next JSON message whose field <c>type</c> has this value, and drops the messages before it.</summary>
    public async Task<JsonElement> ReceiveJsonAsync(string type)
    {
        while (true)
        {
            var frame = await ReceiveJsonAsync();
            if (frame.GetProperty("type").GetString() == type)
                return frame;
        }
    }

    /// <summary>Waits for the next message or close frame.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task<(WebSocketMessageType Type, byte[] Message)> ReceiveAsync()
    {
        var message = await (_receiving ??= ReceiveWholeAsync()).WaitAsync(TestWait.Limit);
        _receiving = null;
        return message;
    }

    /// <summary>
    /// Returns true when no message comes within a time. To show that a message never comes, rather receive a message that is sent after it;
    /// this is for sockets that are sent nothing.
    /// </summary>
    /// <param name="time">The time to wait; by default 200 ms.</param>
    public async Task<bool> ReceivesNothingAsync(TimeSpan? time = null)
    {
        _receiving ??= ReceiveWholeAsync();
        return await Task.WhenAny(_receiving, Task.Delay(time ?? TimeSpan.FromMilliseconds(200))) != _receiving;
    }

    /// <summary>Drops messages until the server closes the socket.</summary>
    /// <returns>The close code and its reason.</returns>
    public async Task<(int Code, string? Reason)> ClosedWithAsync()
    {
        while ((await ReceiveAsync()).Type != WebSocketMessageType.Close)
        {
            // Not yet.
        }

        return ((int)_socket.CloseStatus!, _socket.CloseStatusDescription);
    }

    /// <summary>Drops messages until the connection ends, with a close frame or without.</summary>
    /// <exception cref="TimeoutException">The connection is still open.</exception>
    public async Task EndedAsync()
    {
        try
        {
            await ClosedWithAsync();
        }
        catch (WebSocketException)
        {
            // The connection ended without a close frame.
        }
    }

    /// <summary>Closes normally and waits for the close frame of the server.</summary>
    public async Task CloseAsync()
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
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
