namespace BlazorChat.Channels.Layer;

/// <summary>
/// Carries events to the members of groups on every node. It is Django Channels' channel layer: <c>group_send</c> is
/// <see cref="PublishAsync"/> and <c>send</c> is <see cref="SendAsync"/>; a consumer joins groups by itself
/// (<see cref="Consumers.Consumer.Groups"/>). Delivery is at most once, in the order of each publisher; docs/delivery.md has the promises,
/// clause by clause. A singleton; any thread may call it.
/// </summary>
/// <example>
/// <code>
/// await layer.PublishAsync("bell", new BellRung("Ada"));                                         // to each member of a group
/// await layer.SendAsync(consumer.ChannelName, new BellRung("Ada"));                              // to one consumer
/// await layer.SendAsync("thumbnail-generate", new ThumbnailWanted(id), cancellationToken);       // a job for a worker
/// </code>
/// </example>
public interface IChannelLayer
{
    /// <summary>Whether events reach other nodes.</summary>
    LayerState State { get; }

    /// <summary>
    /// Publishes an event to every current member of a group. Members on this node have it in their mailboxes when the call returns;
    /// other nodes get it as soon as the backplane carries it. The task is always completed. An unreachable backplane does not throw:
    /// the other nodes get an <see cref="EventGap"/> later.
    /// </summary>
    /// <param name="group">1 to 100 of <c>A-Z a-z 0-9 . - _</c>, case-sensitive.</param>
    /// <param name="message">An event with an <see cref="EventNameAttribute"/>, at most 1 MiB as JSON. Members of this node get this very object, so it must not change afterwards.</param>
    /// <param name="cancellationToken">Checked once, before the event is published. Pass none for an event that follows a commit.</param>
    /// <exception cref="GroupNameException">The group's name breaks the rule.</exception>
    /// <exception cref="EventTooLargeException">The encoded event is longer than 1 MiB; nobody has received it.</exception>
    /// <exception cref="InvalidOperationException">The type is not a registered event: see <see cref="ChannelServices.AddEvents"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the call.</exception>
    ValueTask PublishAsync<TEvent>(string group, TEvent message, CancellationToken cancellationToken = default)
        where TEvent : notnull;

    /// <summary>
    /// Sends an event to one consumer, on any node. The event is lost when that consumer has disconnected. When the name is that of a worker
    /// channel, the event becomes a job instead, which is executed at least once; the task then completes when the queue has stored the
    /// job, within five seconds.
    /// </summary>
    /// <param name="channelName">The <see cref="Consumers.Consumer.ChannelName"/>, or the name of a worker channel.</param>
    /// <exception cref="GroupNameException">The channel's name breaks the rule.</exception>
    /// <exception cref="EventTooLargeException">The encoded event is longer than 1 MiB.</exception>
    /// <exception cref="InvalidOperationException">The type is not a registered event, or not the job type of the worker channel; or the key of the job has no or too many characters.</exception>
    /// <exception cref="Workers.Queue.JobQueueFullException">The worker channel is at its capacity. The job is not stored.</exception>
    /// <exception cref="Workers.Queue.JobQueueRefusedException">Redis refused the job, and this process does not run the worker. The job is not stored.</exception>
    /// <exception cref="Workers.Queue.JobQueueUnavailableException">Redis did not answer in time. The job may be stored or not; sending it again may execute it twice.</exception>
    ValueTask SendAsync<TEvent>(string channelName, TEvent message, CancellationToken cancellationToken = default)
        where TEvent : notnull;

    /// <summary>
    /// Calls back with the new state after each change of <see cref="State"/>, on a thread of the backplane, until the result is disposed.
    /// The callback must not block; what it throws is logged.
    /// </summary>
    IDisposable OnStateChanged(Action<LayerState> changed);
}
