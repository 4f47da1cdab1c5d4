using System.Net.WebSockets;
using System.Text;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace BlazorChat.Channels.WebSockets;

/// <summary>
/// A consumer that serves one WebSocket, after Django Channels' <c>AsyncWebsocketConsumer</c>. Messages of the peer and events of the groups are
/// handled one at a time. What the consumer sends waits in a queue of at most 1,024 messages and 1 MiB; a peer that reads too slowly is
/// closed with 1013. A peer may send <see cref="ChannelOptions.MaxMessageLength"/> bytes per message, or is closed with 1009, and is read at
/// most at <see cref="ChannelOptions.MessagesPerSecond"/>.
/// </summary>
/// <example>
/// <code>
/// internal sealed class LobbyConsumer(IChannelLayer layer) : WebSocketConsumer, IHandle&lt;LobbyMessage&gt;
/// {
///     private string Lobby => $"lobby.{Scope.RouteValues["lobby"]}";
///
///     protected override IEnumerable&lt;string&gt; Groups => [Lobby];
///
///     protected override async ValueTask ReceiveTextAsync(string text, CancellationToken cancellationToken) =>
///         await layer.PublishAsync(Lobby, new LobbyMessage(text), CancellationToken.None);
///
///     public ValueTask HandleAsync(LobbyMessage message, CancellationToken cancellationToken)
///     {
///         SendText(message.Text);
///         return ValueTask.CompletedTask;
///     }
/// }
///
/// app.MapConsumer&lt;LobbyConsumer&gt;("/ws/lobby/{lobby:alpha}/");
/// </code>
/// </example>
public abstract class WebSocketConsumer : ConnectionConsumer
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource<CloseReason> _close = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal sealed override string Protocol => "websocket";

    /// <summary>
    /// Handles one text message of the peer. It does not overlap with another message or an event. Not overridden, it closes the socket with
    /// 1003. What it throws is logged and closes the socket with 1011.
    /// </summary>
    /// <param name="text">The whole message, decoded from valid UTF-8.</param>
    /// <param name="cancellationToken">Cancelled when the consumer begins to disconnect.</param>
    protected virtual ValueTask ReceiveTextAsync(string text, CancellationToken cancellationToken)
    {
        Close(WebSocketCloseStatus.InvalidMessageType, "This address accepts no text.");
        return ValueTask.CompletedTask;
    }

    /// <summary>Handles one binary message of the peer, like <see cref="ReceiveTextAsync"/>.</summary>
    /// <param name="bytes">The whole message; valid until the returned task completes.</param>
    /// <param name="cancellationToken">Cancelled when the consumer begins to disconnect.</param>
    protected virtual ValueTask ReceiveBinaryAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Close(WebSocketCloseStatus.InvalidMessageType, "This address accepts no binary messages.");
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Called when the session of the connection's user has ended; closes the socket with 1008. A consumer that also serves anonymous users may
    /// continue with one instead (<see cref="ConsumerScope.ResetUser"/>). Called on any thread, also while a message is handled.
    /// </summary>
    protected internal override void OnSignInEnded() => Close(WebSocketCloseStatus.PolicyViolation, "The sign-in has ended.");

    /// <summary>
    /// Enqueues a text message and returns at once. When the queue is full the peer is closed with 1013. After the close nothing is sent. Any
    /// thread may call it.
    /// </summary>
    protected void SendText(string text) => SendText(Encoding.UTF8.GetBytes(text));

    /// <summary>Enqueues a text message that is encoded in UTF-8 already. The bytes are copied.</summary>
    /// <inheritdoc cref="SendText(string)"/>
    protected void SendText(ReadOnlyMemory<byte> utf8) => Send(Encode(utf8, isBinary: false));

    /// <summary>
    /// Waits until the queue is at most half full, then enqueues a text message in UTF-8. History is sent in this way, at the speed of the
    /// peer. A peer whose queue stays fuller for ten seconds is closed with 1013.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled while it waited.</exception>
    protected ValueTask SendTextAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken) =>
        SendAsync(Encode(utf8, isBinary: false), cancellationToken);

    /// <summary>Waits in the same way, then enqueues a block of text messages.</summary>
    /// <inheritdoc cref="SendTextAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    protected ValueTask SendTextAsync(TextBlock messages, CancellationToken cancellationToken) => SendAsync(messages.Frame, cancellationToken);

    /// <summary>Enqueues a binary message. The bytes are copied.</summary>
    /// <inheritdoc cref="SendText(string)"/>
    protected void SendBinary(ReadOnlyMemory<byte> bytes) => Send(Encode(bytes, isBinary: true));

    /// <summary>
    /// Closes the socket after the messages that were sent before. The first call counts. Sending them and the closing handshake together may
    /// take five seconds. Any thread may call it.
    /// </summary>
    /// <param name="status">The close code.</param>
    /// <param name="reason">A sentence for the developer of the peer: at most 123 bytes of UTF-8.</param>
    protected internal void Close(WebSocketCloseStatus status, string reason)
    {
        _close.TrySetResult(new CloseReason(status, reason));
        Outgoing.Complete();
    }

    internal sealed override bool TryRead(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
            return true;
        context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
        context.Response.Headers.Upgrade = "websocket";
        return false;
    }

    internal sealed override void EndForRestart() => Close(WebSocketCloseStatus.EndpointUnavailable, "The server restarts: reconnect.");

    internal sealed override async Task ServeAsync(HttpContext context)
    {
        await using var _ = this;
        var services = context.RequestServices;
        var (layer, options) = (services.GetRequiredService<ChannelLayer>(), services.GetRequiredService<IOptions<ChannelOptions>>().Value);
        try
        {
            // As in Django Channels, a peer is in its groups before its handshake completes.
            await ConnectAsync(Scope, layer, context.RequestAborted);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            ChannelLog.ConnectFailed(layer.Logger, exception, GetType().Name);
            Close(WebSocketCloseStatus.InternalServerError, "Something went wrong.");
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var pacer = new MessagePacer(options.MessagesPerSecond, services.GetRequiredService<TimeProvider>());
        var transport = context.Features.GetRequiredFeature<SocketTransport>();
        await ServeAsync(socket, transport, layer, options.MaxMessageLength, pacer, context.RequestAborted);
    }

    /// <summary>Serves an accepted socket until either side closes it.</summary>
    /// <param name="maxMessage">The largest message that the peer may send, in bytes; a longer one closes with 1009.</param>
    private async Task ServeAsync(
        WebSocket socket, SocketTransport transport, ChannelLayer layer, int maxMessage, MessagePacer pacer, CancellationToken aborted)
    {
        var sending = SendAllAsync(socket, transport, aborted);
        var receiving = ReceiveAsync(socket, layer, maxMessage, pacer, aborted);
        await Task.WhenAny(_close.Task, receiving);
        var reason = _close.Task.IsCompleted
            ? await _close.Task
            : new CloseReason(WebSocketCloseStatus.NormalClosure, "");
        Outgoing.Complete();
        await CloseAsync(socket, transport, reason, sending, receiving);
    }

    private static Frame Encode(ReadOnlyMemory<byte> message, bool isBinary) => new(WebSocketFrame.Encode(message.Span, isBinary));

    private protected sealed override void CutOff() => Close((WebSocketCloseStatus)1013, "Too slow: reconnect and go on from where you were.");

    private async Task SendAllAsync(WebSocket socket, SocketTransport transport, CancellationToken aborted)
    {
        try
        {
            while (await Outgoing.WaitAsync())
            {
                while (Outgoing.TryDequeue(out var frame))
                {
                    if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
                        throw new WebSocketException(WebSocketError.InvalidState);
                    await transport.WriteFramesAsync(frame.Bytes, moreFollows: Outgoing.HasMore, aborted);
                    Outgoing.MarkSent(frame.Count, frame.Bytes.Length);
                }
            }
        }
        catch (Exception exception) when (IsGone(exception))
        {
            _close.TrySetResult(CloseReason.Gone);
        }
    }

    private async Task ReceiveAsync(WebSocket socket, ChannelLayer layer, int maxMessage, MessagePacer pacer, CancellationToken aborted)
    {
        using var message = new MessageBuffer(maxMessage);
        try
        {
            var hasBegun = false;
            while (true)
            {
                // An empty read waits for a message without holding a buffer.
                var part = await socket.ReceiveAsync(hasBegun ? message.Free : Memory<byte>.Empty, aborted);
                hasBegun = !part.EndOfMessage;
                if (part.MessageType == WebSocketMessageType.Close)
                    return;
                message.Add(part.Count);
                if (!message.HasRoom)
                    Close(WebSocketCloseStatus.MessageTooBig, $"A message has at most {maxMessage} bytes.");
                // While the socket is closing, messages are read only to reach the peer's close frame.
                if (_close.Task.IsCompleted)
                    message.Clear();
                if (!part.EndOfMessage || _close.Task.IsCompleted)
                    continue;
                await HandleAsync(part.MessageType, message.Content, layer);
                message.Clear();
                if (pacer.CountMessage() is { Ticks: > 0 } wait)
                    await Task.Delay(wait, aborted);
            }
        }
        catch (WebSocketException exception) when (exception.WebSocketErrorCode != WebSocketError.ConnectionClosedPrematurely)
        {
            _close.TrySetResult(CloseReason.Broken);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            _close.TrySetResult(CloseReason.Gone);
        }
    }

    private async ValueTask HandleAsync(WebSocketMessageType type, ReadOnlyMemory<byte> message, ChannelLayer layer)
    {
        try
        {
            await RunExclusiveAsync(token => type == WebSocketMessageType.Text
                ? ReceiveTextAsync(Encoding.UTF8.GetString(message.Span), token)
                : ReceiveBinaryAsync(message, token));
        }
        catch (OperationCanceledException) when (Disconnecting.IsCancellationRequested)
        {
            // Closed from inside.
        }
        catch (Exception exception)
        {
            ChannelLog.ReceiveFailed(layer.Logger, exception, GetType().Name);
            Close(WebSocketCloseStatus.InternalServerError, "Something went wrong.");
        }
    }

    /// <summary>Sends the remaining messages and the close frame, then waits for the peer's close frame: five seconds in all.</summary>
    private static async Task CloseAsync(WebSocket socket, SocketTransport transport, CloseReason reason, Task sending, Task receiving)
    {
        using var timeout = new CancellationTokenSource(CloseTimeout);
        try
        {
            await sending.WaitAsync(timeout.Token);
            if (reason == CloseReason.Broken)
                await transport.WaitForPeerAsync(timeout.Token);
            else if (reason != CloseReason.Gone && socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(reason.Status, reason.Text, timeout.Token);
            if (socket.State == WebSocketState.CloseSent && !receiving.IsCompleted)
                await receiving.WaitAsync(timeout.Token);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            // The connection is lost.
        }

        // A reset could overtake the close frame, so only a connection that does not answer is reset.
        if (!sending.IsCompleted || !receiving.IsCompleted)
            socket.Abort();
        await Task.WhenAll(sending, receiving);
    }

    private static bool IsGone(Exception exception) =>
        exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;

    private sealed record CloseReason(WebSocketCloseStatus Status, string Text)
    {
        /// <summary>The connection is lost: no close frame can be sent.</summary>
        public static readonly CloseReason Gone = new(WebSocketCloseStatus.Empty, "");

        /// <summary>The peer broke the protocol: the framework has sent a close frame with the reason, and reads no more.</summary>
        public static readonly CloseReason Broken = new(WebSocketCloseStatus.ProtocolError, "");
    }
}
