using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Channels.Workers;

/// <summary>
/// The base of <see cref="WorkerConsumer{TJob}"/>, from which workers derive.
/// </summary>
public abstract class WorkerConsumer
{
    private protected WorkerConsumer()
    {
    }

    /// <summary>The scope of the job: its protocol is "worker", its path the name of the worker channel, and its user is anonymous.</summary>
    public ConsumerScope Scope { get; internal set; } = default!;

    internal abstract ValueTask HandleJobAsync(object job, CancellationToken cancellationToken);
}

/// <summary>
/// Executes the jobs of one worker channel, after the workers of Django Channels (<c>ChannelNameRouter</c>, <c>runworker</c>). Each job gets an
/// instance of its own, created with the services of a new scope, and disposed afterwards. A job is done when <see cref="HandleAsync"/>
/// returns. When it throws, the job is retried after a delay, <see cref="Queue.WorkerOptions.Tries"/> times in all, and is a dead letter
/// then. A job is executed at least once: a worker may die between executing it and completing it, so repeating a job must be harmless.
/// </summary>
/// <typeparam name="TJob">An event with an <see cref="EventNameAttribute"/>, whose JSON context is added by <see cref="ChannelServices.AddEvents"/>.</typeparam>
/// <example>
/// <code>
/// internal sealed class ThumbnailConsumer(ThumbnailMaker thumbnails) : WorkerConsumer&lt;ThumbnailWanted&gt;
/// {
///     public override async ValueTask HandleAsync(ThumbnailWanted job, CancellationToken cancellationToken) =>
///         await thumbnails.MakeAsync(job.AttachmentId, cancellationToken);
/// }
///
/// services.AddWorker&lt;ThumbnailConsumer&gt;("thumbnail-generate");
/// await layer.SendAsync("thumbnail-generate", new ThumbnailWanted(id));
/// </code>
/// </example>
public abstract class WorkerConsumer<TJob> : WorkerConsumer, IHandle<TJob>
    where TJob : notnull
{
    /// <summary>Executes one job, on a thread of the pool.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">
    /// Cancelled when the job takes longer than <see cref="Queue.WorkerOptions.Timeout"/>, when the process must stop, or when another worker
    /// has leased the job.
    /// </param>
    public abstract ValueTask HandleAsync(TJob job, CancellationToken cancellationToken);

    internal sealed override ValueTask HandleJobAsync(object job, CancellationToken cancellationToken) => HandleAsync((TJob)job, cancellationToken);
}
