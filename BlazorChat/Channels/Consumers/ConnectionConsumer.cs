namespace BlazorChat.Channels.Consumers;

/// <summary>
/// A consumer that serves one network connection. What it sends waits in a queue of at most 1,024 messages and 1 MiB. Derive from
/// <see cref="WebSockets.WebSocketConsumer"/> or <see cref="EventStreams.EventStreamConsumer"/>.
/// </summary>
public abstract class ConnectionConsumer : Consumer
{
    private protected ConnectionConsumer()
    {
    }

    /// <summary>
    /// Called once, with <see cref="Consumer.Scope"/> set, before the connection is accepted and before a group is joined. Throw
    /// <see cref="ConnectionRefusedException"/> to answer with an HTTP status instead. Django Channels decides this in <c>connect</c>.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when the client aborts the request.</param>
    protected virtual ValueTask OnConnectingAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private protected OutgoingQueue Outgoing { get; } = new();

    /// <summary>The value of <see cref="ConsumerScope.Protocol"/>.</summary>
    internal abstract string Protocol { get; }

    /// <summary>Reads the request. False when it does not speak this protocol; the response is then set.</summary>
    internal abstract bool TryRead(HttpContext context);

    internal ValueTask PrepareAsync(ConsumerScope scope, CancellationToken cancellationToken)
    {
        UseScope(scope);
        return OnConnectingAsync(cancellationToken);
    }

    /// <summary>Accepts the connection and serves it until either side ends it.</summary>
    internal abstract Task ServeAsync(HttpContext context);

    /// <summary>Enqueues a frame and returns at once. When the queue is full, the peer is cut off. Any thread may call it.</summary>
    private protected void Send(Frame frame)
    {
        if (!Outgoing.TryAdd(frame))
            CutOff();
    }

    /// <summary>Waits until the queue is at most half full, then enqueues a frame. A peer whose queue stays fuller for ten seconds is cut off.</summary>
    private protected async ValueTask SendAsync(Frame frame, CancellationToken cancellationToken)
    {
        if (await Outgoing.WaitForCapacityAsync(cancellationToken))
            Send(frame);
        else
            CutOff();
    }

    /// <summary>Ends the connection of a peer that reads too slowly. Called on any thread.</summary>
    private protected abstract void CutOff();

    /// <summary>Closes the connection because the server stops. Called on any thread.</summary>
    internal abstract void EndForRestart();

    /// <summary>
    /// Called when the session of the connection's user has ended; ends the connection. Called at most once per session, on any thread, also
    /// while an event or a message is handled.
    /// </summary>
    protected internal abstract void OnSignInEnded();
}
