using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;

namespace BlazorChat.Channels;

/// <summary>
/// A consumer that is one WebSocket. What the peer sends and the events of its groups are handled one at a time; what it sends
/// waits in a bounded queue, so that a slow peer costs nobody else anything.
/// </summary>
public abstract class WebSocketConsumer : Consumer
{
    /// <summary>Frames and bytes that may wait for the peer; beyond either the socket is closed with 1013 (try again later).</summary>
    private const int MaxWaitingFrames = 1024;
    private const int MaxWaitingBytes = 1024 * 1024;

    private static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(5);

    private readonly Channel<Frame> _outgoing = System.Threading.Channels.Channel.CreateBounded<Frame>(
        new BoundedChannelOptions(MaxWaitingFrames) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly TaskCompletionSource<CloseReason> _close = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _room = new(0, 1);
    private int _waitingBytes;

    /// <summary>
    /// Called before the socket is accepted. To answer with an HTTP status instead, throw <see cref="ConnectionRefusedException"/>.
    /// </summary>
    protected virtual ValueTask OnConnectingAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

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
    protected internal virtual void OnSignInEnded() => Close(WebSocketCloseStatus.PolicyViolation, "The sign-in has ended.");

    /// <summary>Sends a text message when the peer is ready for it; never blocks.</summary>
    protected void SendText(string text) => Send(new Frame(WebSocketMessageType.Text, Encoding.UTF8.GetBytes(text)));

    /// <summary>Sends a text message of UTF-8; the bytes must not change any more.</summary>
    protected void SendText(ReadOnlyMemory<byte> utf8) => Send(new Frame(WebSocketMessageType.Text, utf8));

    /// <summary>
    /// Sends a text message of UTF-8 once the queue is half empty, for whoever can wait: a reader of history slows down to the
    /// peer's pace. A peer that makes no room for ten seconds is closed with 1013.
    /// </summary>
    protected async ValueTask SendTextAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken)
    {
        while (IsHalfFull && !_close.Task.IsCompleted)
        {
            if (!await _room.WaitAsync(SendPatience, cancellationToken))
                CloseTooSlow();
        }

        SendText(utf8);
    }

    /// <summary>Sends a binary message; the bytes must not change any more.</summary>
    protected void SendBinary(ReadOnlyMemory<byte> bytes) => Send(new Frame(WebSocketMessageType.Binary, bytes));

    /// <summary>Closes the socket; the first reason given counts.</summary>
    /// <param name="reason">For the programmer at the other end: at most 123 bytes of UTF-8.</param>
    protected internal void Close(WebSocketCloseStatus status, string reason)
    {
        _close.TrySetResult(new CloseReason(status, reason));
        _outgoing.Writer.TryComplete();
    }

    internal ValueTask PrepareAsync(ConsumerScope scope, CancellationToken cancellationToken)
    {
        UseScope(scope);
        return OnConnectingAsync(cancellationToken);
    }

    /// <summary>Serves an accepted socket until either side closes it.</summary>
    /// <param name="maxMessage">Bytes of the longest message that the peer may send; a longer one closes with 1009.</param>
    internal async Task ServeAsync(WebSocket socket, ChannelLayer layer, int maxMessage, CancellationToken aborted)
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

        var sending = SendAsync(socket, aborted);
        var receiving = ReceiveAsync(socket, layer, maxMessage, aborted);
        await Task.WhenAny(_close.Task, receiving);
        var reason = _close.Task.IsCompleted
            ? await _close.Task
            : new CloseReason(WebSocketCloseStatus.NormalClosure, "");
        _outgoing.Writer.TryComplete();
        await CloseAsync(socket, reason, sending, receiving);
    }

    private void Send(Frame frame)
    {
        var isTooMuch = Interlocked.Add(ref _waitingBytes, frame.Bytes.Length) > MaxWaitingBytes;
        if ((isTooMuch || !_outgoing.Writer.TryWrite(frame)) && !_outgoing.Reader.Completion.IsCompleted)
            CloseTooSlow();
    }

    private bool IsHalfFull => Volatile.Read(ref _waitingBytes) > MaxWaitingBytes / 2 || _outgoing.Reader.Count > MaxWaitingFrames / 2;

    private void CloseTooSlow() => Close((WebSocketCloseStatus)1013, "Too slow: reconnect and go on from where you were.");

    private void MakeRoom()
    {
        if (IsHalfFull || _room.CurrentCount > 0)
            return;
        // Only the one loop that sends comes here.
        _room.Release();
    }

    private async Task SendAsync(WebSocket socket, CancellationToken aborted)
    {
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync(aborted))
            {
                while (_outgoing.Reader.TryRead(out var frame))
                {
                    await socket.SendAsync(frame.Bytes, frame.Type, endOfMessage: true, aborted);
                    Interlocked.Add(ref _waitingBytes, -frame.Bytes.Length);
                    MakeRoom();
                }
            }
        }
        catch (Exception exception) when (IsGone(exception))
        {
            _close.TrySetResult(CloseReason.Gone);
        }
    }

    private async Task ReceiveAsync(WebSocket socket, ChannelLayer layer, int maxMessage, CancellationToken aborted)
    {
        using var message = new MessageBuffer(maxMessage);
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(message.Free, aborted);
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
                await HandleAsync(part.MessageType, message.Whole, layer);
                message.Clear();
            }
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
            await InTurnAsync(token => type == WebSocketMessageType.Text
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
    private static async Task CloseAsync(WebSocket socket, CloseReason reason, Task sending, Task receiving)
    {
        using var timeout = new CancellationTokenSource(ClosePatience);
        try
        {
            await sending.WaitAsync(timeout.Token);
            if (reason != CloseReason.Gone && socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
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

    private readonly record struct Frame(WebSocketMessageType Type, ReadOnlyMemory<byte> Bytes);

    private sealed record CloseReason(WebSocketCloseStatus Status, string Text)
    {
        /// <summary>The connection is lost: there is nobody to tell.</summary>
        public static readonly CloseReason Gone = new(WebSocketCloseStatus.Empty, "");
    }
}
