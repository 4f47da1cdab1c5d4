namespace BlazorChat.Channels.Consumers;

/// <summary>
/// A consumer that is one connection from outside: <see cref="WebSockets.WebSocketConsumer"/> or <see cref="EventStreams.EventStreamConsumer"/>.
/// </summary>
public abstract class ConnectionConsumer : Consumer
{
    private protected ConnectionConsumer()
    {
    }

    /// <summary>
    /// Called before the connection is accepted. To answer with an HTTP status instead, throw <see cref="ConnectionRefusedException"/>.
    /// </summary>
    protected virtual ValueTask OnConnectingAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    internal abstract string Protocol { get; }

    /// <summary>Takes what the request says; false when it is none of this protocol, and its answer is set then.</summary>
    internal abstract bool TryRead(HttpContext context);

    internal ValueTask PrepareAsync(ConsumerScope scope, CancellationToken cancellationToken)
    {
        UseScope(scope);
        return OnConnectingAsync(cancellationToken);
    }

    /// <summary>Accepts the connection and serves it until either side ends it.</summary>
    internal abstract Task ServeAsync(HttpContext context);

    internal abstract void EndForRestart();

    /// <summary>
    /// Called when the session that let the connection in has ended; ends the connection. Called on any thread, also while an event
    /// or a message is handled.
    /// </summary>
    protected internal abstract void OnSignInEnded();
}
