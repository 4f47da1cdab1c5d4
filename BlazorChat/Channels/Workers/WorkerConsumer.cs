using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Channels.Workers;

/// <summary>
/// The receiver of the jobs of one worker channel. Each job gets an instance of its own, made with the services of a scope of its
/// own; derive from <see cref="WorkerConsumer{TJob}"/>.
/// </summary>
public abstract class WorkerConsumer
{
    private protected WorkerConsumer()
    {
    }

    /// <summary>Protocol "worker"; the path is the worker channel's name, and nobody is signed in.</summary>
    public ConsumerScope Scope { get; internal set; } = default!;

    internal abstract ValueTask HandleJobAsync(object job, CancellationToken cancellationToken);
}

/// <summary>
/// Does jobs that are sent to a worker channel: <c>services.AddWorker&lt;ThumbnailConsumer&gt;("thumbnail-generate")</c>. A job is done when
/// <see cref="HandleAsync"/> returns; when it throws, the job is tried again. A job may be done more than once, since a worker may die between
/// doing it and saying so: doing it again must be harmless.
/// </summary>
/// <typeparam name="TJob">An event: it has an <see cref="EventNameAttribute"/>, and its JSON context is added by <c>AddEvents</c>.</typeparam>
public abstract class WorkerConsumer<TJob> : WorkerConsumer, IHandle<TJob>
    where TJob : notnull
{
    /// <param name="cancellationToken">
    /// Cancelled when the job takes longer than <see cref="Queue.WorkerOptions.Timeout"/>, when the process must end before it is done, or when another
    /// worker has got it.
    /// </param>
    public abstract ValueTask HandleAsync(TJob job, CancellationToken cancellationToken);

    internal sealed override ValueTask HandleJobAsync(object job, CancellationToken cancellationToken) => HandleAsync((TJob)job, cancellationToken);
}
