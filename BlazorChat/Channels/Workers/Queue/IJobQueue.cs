namespace BlazorChat.Channels.Workers.Queue;

/// <summary>
/// Stores the jobs of every worker channel until they are done, and the dead letters. Workers decide when and how often a job is tried.
/// Thread-safe. Over Redis a request is repeated for two seconds while Redis is away, enqueuing for five, and settling a job for the length
/// of the lease; then it throws.
/// </summary>
internal interface IJobQueue
{
    /// <summary>Whether jobs are still stored when this process has ended.</summary>
    bool OutlivesProcess { get; }

    /// <summary>Stores a job. It changes nothing when a job with the same key waits or runs.</summary>
    /// <param name="worker">The name of the worker channel; so in the other methods.</param>
    /// <param name="key">The key of the job, unique within the worker channel.</param>
    /// <param name="eventName">The name of the event on the wire.</param>
    /// <param name="body">The event as JSON in UTF-8.</param>
    /// <param name="cancellationToken">Ends the wait; the job may still be stored.</param>
    /// <exception cref="JobQueueFullException">The worker channel is at its capacity. The job is not stored.</exception>
    /// <exception cref="JobQueueRefusedException">Redis refused the job. It is not stored.</exception>
    /// <exception cref="JobQueueUnavailableException">Redis did not answer. The job may be stored or not.</exception>
    Task EnqueueAsync(string worker, string key, string eventName, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>Leases the next job; null when none is due.</summary>
    /// <param name="sweep">Whether to look first for jobs whose retry delay is over, or whose lease has expired.</param>
    /// <exception cref="JobQueueUnavailableException">Redis did not answer. A job may have been leased; it is due again when that lease has expired.</exception>
    Task<Job?> LeaseAsync(string worker, bool sweep);

    /// <summary>
    /// Renews the lease to its full length. False when another worker has leased the job since. A job that the queue has lost, as a Redis
    /// without persistence loses it, is still its worker's: the result is true.
    /// </summary>
    /// <exception cref="JobQueueUnavailableException">Redis did not answer. The lease was not renewed; a later call may renew it.</exception>
    Task<bool> RenewAsync(Job job, CancellationToken cancellationToken);

    /// <summary>Removes a job that is done, whether its lease has expired or not.</summary>
    /// <exception cref="JobQueueUnavailableException">Redis did not answer. The job will be executed again.</exception>
    Task CompleteAsync(Job job, CancellationToken cancellationToken);

    /// <summary>Makes the job due again after a delay, as the next try.</summary>
    /// <param name="job">A job that this worker leases.</param>
    /// <param name="delay">At most the lease.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task RetryAsync(Job job, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Releases the job: it is due again at once, as the same try.</summary>
    Task ReleaseAsync(Job job, CancellationToken cancellationToken);

    /// <summary>Makes the job a dead letter. The oldest ones beyond <see cref="WorkerOptions.DeadLetters"/> are removed.</summary>
    Task DeadLetterAsync(Job job, JobFailure failure, CancellationToken cancellationToken);

    /// <summary>Counts the jobs and the dead letters of a worker channel.</summary>
    /// <exception cref="JobQueueUnavailableException">Redis did not answer.</exception>
    Task<JobCounts> CountAsync(string worker, CancellationToken cancellationToken);

    /// <summary>Reads the newest dead letters, newest first.</summary>
    /// <exception cref="JobQueueUnavailableException">Redis did not answer.</exception>
    Task<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string worker, int count, CancellationToken cancellationToken);

    /// <summary>Makes one dead letter a job again, or all of them, with no tries counted.</summary>
    /// <param name="worker">The name of the worker channel.</param>
    /// <param name="id">The id of the dead letter; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of new jobs.</returns>
    /// <exception cref="JobQueueFullException">The worker channel has no capacity for all of them; those that fit are jobs now.</exception>
    /// <exception cref="JobQueueUnavailableException">Redis did not answer. They may be jobs or not.</exception>
    Task<int> RequeueDeadLettersAsync(string worker, string? id, CancellationToken cancellationToken);

    /// <summary>Removes one dead letter, or all of them.</summary>
    /// <param name="worker">The name of the worker channel.</param>
    /// <param name="id">The id of the dead letter; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of removed dead letters.</returns>
    /// <exception cref="JobQueueUnavailableException">Redis did not answer. They may be removed or not.</exception>
    Task<int> RemoveDeadLettersAsync(string worker, string? id, CancellationToken cancellationToken);
}
