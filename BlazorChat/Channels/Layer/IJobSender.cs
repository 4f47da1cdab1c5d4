namespace BlazorChat.Channels.Layer;

/// <summary>Enqueues what is sent to a worker channel. The layer calls it before it looks for a consumer of that name.</summary>
internal interface IJobSender
{
    /// <returns>Completes when the queue has stored the job; null when no worker channel has this name.</returns>
    /// <exception cref="InvalidOperationException">The jobs of the worker channel have another type.</exception>
    Task? TrySendAsync(string channelName, EventType type, object message, byte[] payload, CancellationToken cancellationToken);
}
