namespace BlazorChat.Channels.Workers.Queue;

/// <summary>
/// Keeps the jobs of every worker channel until they are done, and what failed for good. When and how often to try is the
/// worker's; so is what a job means.
/// </summary>
internal interface IJobQueue
{
    /// <summary>Whether jobs are still there when this process has ended.</summary>
    bool OutlivesProcess { get; }

    /// <summary>Returns when the job is kept. One that is sent again while the first one waits or runs is the first one.</summary>
    /// <param name="key">The sender's name for the job.</param>
    /// <exception cref="JobQueueFullException">The worker channel has as many jobs as it keeps.</exception>
    /// <exception cref="JobQueueRefusedException">The job is not kept.</exception>
    /// <exception cref="JobQueueUnavailableException">The job may not have been kept.</exception>
    Task EnqueueAsync(string worker, string key, string eventName, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>Takes the next job, and its lease; null when there is none at the moment.</summary>
    /// <param name="sweep">Also looks for jobs whose rest is over, or whose worker has let their lease run out. They come first.</param>
    /// <exception cref="JobQueueUnavailableException">A job may have been taken: it comes back when its lease has run out.</exception>
    Task<Job?> LeaseAsync(string worker, bool sweep);

    /// <summary>
    /// Begins the lease anew; false when another worker has got the job since. A job that the queue has forgotten, as a Redis that keeps nothing on
    /// disk does, is still its worker's.
    /// </summary>
    /// <exception cref="JobQueueUnavailableException">It was not renewed, but may be later.</exception>
    Task<bool> RenewAsync(Job job, CancellationToken cancellationToken);

    /// <summary>The job is done.</summary>
    /// <exception cref="JobQueueUnavailableException">It will be done again.</exception>
    Task CompleteAsync(Job job, CancellationToken cancellationToken);

    /// <summary>Lets the job be taken again after a rest, as the next try.</summary>
    /// <param name="delay">At most the lease.</param>
    Task RetryAsync(Job job, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Lets the job be taken again at once, as the same try.</summary>
    Task ReleaseAsync(Job job, CancellationToken cancellationToken);

    /// <summary>Makes the job a dead letter; the oldest ones beyond the setting are forgotten.</summary>
    Task DeadLetterAsync(Job job, JobFailure failure, CancellationToken cancellationToken);

    /// <exception cref="JobQueueUnavailableException">Nobody knows at the moment.</exception>
    Task<JobCounts> CountAsync(string worker, CancellationToken cancellationToken);

    /// <summary>The newest ones, newest first.</summary>
    /// <exception cref="JobQueueUnavailableException">Nobody knows at the moment.</exception>
    Task<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string worker, int count, CancellationToken cancellationToken);

    /// <summary>Makes one dead letter a job again, or all of them, as new as on its first day.</summary>
    /// <param name="id">Null for all.</param>
    /// <returns>How many.</returns>
    /// <exception cref="JobQueueFullException">Not all of them fit.</exception>
    /// <exception cref="JobQueueUnavailableException">It may have been done, or not.</exception>
    Task<int> RequeueDeadLettersAsync(string worker, string? id, CancellationToken cancellationToken);

    /// <summary>Removes one dead letter, or all of them.</summary>
    /// <param name="id">Null for all.</param>
    /// <returns>How many.</returns>
    /// <exception cref="JobQueueUnavailableException">It may have been done, or not.</exception>
    Task<int> RemoveDeadLettersAsync(string worker, string? id, CancellationToken cancellationToken);

    /// <summary>Calls back when there may be a new job, until the result is disposed. Callbacks may be lost; none may block.</summary>
    IDisposable OnAdded(string worker, Action added);
}
