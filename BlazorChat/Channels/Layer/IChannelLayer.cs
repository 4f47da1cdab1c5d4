namespace BlazorChat.Channels.Layer;

/// <summary>
/// Carries events to the members of groups on every node. What it promises, clause by clause, is in docs/delivery.md.
/// </summary>
public interface IChannelLayer
{
    LayerState State { get; }

    /// <summary>
    /// Sends an event to every current member of a group: on this node before the call returns its task, on other nodes as
    /// soon as the backplane carries it. A lost backplane throws at nobody.
    /// </summary>
    /// <param name="group">1 to 100 of <c>A-Z a-z 0-9 . - _</c>, case-sensitive.</param>
    /// <exception cref="GroupNameException">The name is no group name.</exception>
    /// <exception cref="EventTooLargeException">The event is longer than 1 MiB encoded; nobody has got it.</exception>
    /// <exception cref="InvalidOperationException">The type is no registered event.</exception>
    ValueTask PublishAsync<TEvent>(string group, TEvent message, CancellationToken cancellationToken = default)
        where TEvent : notnull;

    /// <summary>
    /// Sends an event to one consumer, on whatever node it lives; nobody gets it when it is gone. A worker channel keeps it instead, as a job that
    /// is done at least once, whether a worker runs at the moment or not: the call returns when it is kept, within five seconds.
    /// </summary>
    /// <param name="channelName">The <see cref="Consumers.Consumer.ChannelName"/>, or the name of a worker channel.</param>
    /// <exception cref="GroupNameException">The name cannot be a channel's.</exception>
    /// <exception cref="EventTooLargeException">The event is longer than 1 MiB encoded.</exception>
    /// <exception cref="InvalidOperationException">The type is no registered event, or not the job of the worker channel.</exception>
    /// <exception cref="Workers.Queue.JobQueueFullException">The worker channel has as many jobs as it keeps. This one is not kept.</exception>
    /// <exception cref="Workers.Queue.JobQueueUnavailableException">Redis did not answer in time: the job may be lost. Sending it again may do it twice.</exception>
    ValueTask SendAsync<TEvent>(string channelName, TEvent message, CancellationToken cancellationToken = default)
        where TEvent : notnull;

    /// <summary>Calls back after each change of <see cref="State"/> until the result is disposed. The callback must not block.</summary>
    IDisposable OnStateChanged(Action<LayerState> changed);
}
