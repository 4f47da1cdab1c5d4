namespace BlazorChat.Channels.Layer;

/// <summary>Puts what is sent to a worker channel into the queue of that channel.</summary>
internal interface IJobSender
{
    /// <returns>Completes when the queue has stored the job; null when no worker channel has this name.</returns>
    /// <exception cref="InvalidOperationException">The worker channel takes events of another type.</exception>
    Task? TrySendAsync(string channelName, EventType type, object message, byte[] payload, CancellationToken cancellationToken);
}
