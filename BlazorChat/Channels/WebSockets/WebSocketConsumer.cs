using System.Net.WebSockets;
using System.Text;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace BlazorChat.Channels.WebSockets;

/// <summary>
/// A consumer that is one WebSocket. What the peer sends and the events of its groups are handled one at a time; what it sends
/// waits in a bounded queue, so that a slow peer costs nobody else anything.
/// </summary>
public abstract class WebSocketConsumer : ConnectionConsumer
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly OutgoingQueue _outgoing = new();
    private readonly TaskCompletionSource<CloseReason> _close = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal sealed override string Protocol => "websocket";

    /// <summary>Takes one text message of the peer, whole and valid UTF-8. A consumer that takes none closes with 1003.</summary>
    protected virtual ValueTask ReceiveTextAsync(string text, CancellationToken cancellationToken)
    {
        Close(WebSocketCloseStatus.InvalidMessageType, "This address takes no text.");
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes one binary message of the peer; the memory is valid until the result completes.</summary>
    protected virtual ValueTask ReceiveBinaryAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Close(WebSocketCloseStatus.InvalidMessageType, "This address takes no binary messages.");
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Called when the session that let the connection in has ended: closes it with 1008. A consumer that also serves strangers
    /// may go on with one instead. Called on any thread, also while a message is handled.
    /// </summary>
    protected internal override void OnSignInEnded() => Close(WebSocketCloseStatus.PolicyViolation, "The sign-in has ended.");

    /// <summary>Sends a text message when the peer is ready for it; never blocks.</summary>
    protected void SendText(string text) => SendText(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends a text message of UTF-8.</summary>
    protected void SendText(ReadOnlyMemory<byte> utf8) => Send(utf8, isBinary: false);

    /// <summary>
    /// Sends a text message of UTF-8 once the queue is half empty, for whoever can wait: a reader of history slows down to the
    /// peer's pacer. A peer that makes no room for ten seconds is closed with 1013.
    /// </summary>
    protected async ValueTask SendTextAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken)
    {
        if (await WaitForCapacityAsync(cancellationToken))
            SendText(utf8);
    }

    /// <summary>Sends text messages that were encoded for everybody, in the same way.</summary>
    protected async ValueTask SendTextAsync(TextBlock messages, CancellationToken cancellationToken)
    {
        if (await WaitForCapacityAsync(cancellationToken))
            Send(messages.Frame);
    }

    /// <summary>Sends a binary message.</summary>
    protected void SendBinary(ReadOnlyMemory<byte> bytes) => Send(bytes, isBinary: true);

    /// <summary>Closes the socket; the first reason given counts.</summary>
    /// <param name="reason">For the programmer at the other end: at most 123 bytes of UTF-8.</param>
    protected internal void Close(WebSocketCloseStatus status, string reason)
    {
        _close.TrySetResult(new CloseReason(status, reason));
        _outgoing.Complete();
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
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var services = context.RequestServices;
        var options = services.GetRequiredService<IOptions<ChannelOptions>>().Value;
        var pacer = new MessagePacer(options.MessagesPerSecond, services.GetRequiredService<TimeProvider>());
        var transport = context.Features.GetRequiredFeature<SocketTransport>();
        await ServeAsync(socket, transport, services.GetRequiredService<ChannelLayer>(), options.MaxMessageLength, pacer, context.RequestAborted);
    }

    /// <summary>Serves an accepted socket until either side closes it.</summary>
    /// <param name="maxMessage">Bytes of the longest message that the peer may send; a longer one closes with 1009.</param>
    private async Task ServeAsync(
        WebSocket socket, SocketTransport transport, ChannelLayer layer, int maxMessage, MessagePacer pacer, CancellationToken aborted)
    {
        await using var _ = this;
        try
        {
            await ConnectAsync(Scope, layer, aborted);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            ChannelLog.ConnectFailed(layer.Logger, exception, GetType().Name);
            Close(WebSocketCloseStatus.InternalServerError, "Something went wrong.");
        }

        var sending = SendAsync(socket, transport, aborted);
        var receiving = ReceiveAsync(socket, layer, maxMessage, pacer, aborted);
        await Task.WhenAny(_close.Task, receiving);
        var reason = _close.Task.IsCompleted
            ? await _close.Task
            : new CloseReason(WebSocketCloseStatus.NormalClosure, "");
        _outgoing.Complete();
        await CloseAsync(socket, transport, reason, sending, receiving);
    }

    private async ValueTask<bool> WaitForCapacityAsync(CancellationToken cancellationToken)
    {
        if (await _outgoing.WaitForCapacityAsync(cancellationToken))
            return true;
        CloseTooSlow();
        return false;
    }

    private void Send(ReadOnlyMemory<byte> message, bool isBinary) => Send(new Frame(WebSocketFrame.Encode(message.Span, isBinary)));

    private void Send(Frame frame)
    {
        if (!_outgoing.TryAdd(frame))
            CloseTooSlow();
    }

    private void CloseTooSlow() => Close((WebSocketCloseStatus)1013, "Too slow: reconnect and go on from where you were.");

    private async Task SendAsync(WebSocket socket, SocketTransport transport, CancellationToken aborted)
    {
        try
        {
            while (await _outgoing.WaitAsync())
            {
                while (_outgoing.TryDequeue(out var frame))
                {
                    if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
                        throw new WebSocketException(WebSocketError.InvalidState);
                    await transport.WriteFramesAsync(frame.Bytes, moreFollows: _outgoing.HasMore, aborted);
                    _outgoing.MarkSent(frame.Count, frame.Bytes.Length);
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
                // Nothing is kept for a message before it begins to come.
                var part = await socket.ReceiveAsync(hasBegun ? message.Free : Memory<byte>.Empty, aborted);
                hasBegun = !part.EndOfMessage;
                if (part.MessageType == WebSocketMessageType.Close)
                    return;
                message.Add(part.Count);
                if (!message.HasRoom)
                    Close(WebSocketCloseStatus.MessageTooBig, $"A message has at most {maxMessage} bytes.");
                // Once the socket is closing, what still comes is read only to come to the peer's own close frame.
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

    /// <summary>Sends what still waits and the close frame, then waits for the peer's: both for a few seconds only.</summary>
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
            // Nobody is there to close for.
        }

        // A reset could overtake the close frame, so it is for those only who no longer answer.
        if (!sending.IsCompleted || !receiving.IsCompleted)
            socket.Abort();
        await Task.WhenAll(sending, receiving);
    }

    private static bool IsGone(Exception exception) =>
        exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;

    private sealed record CloseReason(WebSocketCloseStatus Status, string Text)
    {
        /// <summary>The connection is lost: there is nobody to tell.</summary>
        public static readonly CloseReason Gone = new(WebSocketCloseStatus.Empty, "");

        /// <summary>What came is no WebSocket message: the socket itself has sent a close frame that says so, and reads no more.</summary>
        public static readonly CloseReason Broken = new(WebSocketCloseStatus.ProtocolError, "");
    }
}
