using Microsoft.Extensions.Options;

namespace BlazorChat.Channels.Workers.Queue;

/// <summary>
/// The queue over Redis, with a fallback. A job that Redis refuses, because it is full or has no scripts, is stored in the memory of the
/// sending process, if that process runs the worker. If it does not, the sender gets the exception, and finds unfinished work in the database
/// later.
/// </summary>
internal sealed class FallbackJobQueue(RedisJobQueue shared, InMemoryJobQueue own, IOptions<WorkerOptions> options) : IJobQueue
{
    public bool OutlivesProcess => shared.OutlivesProcess;

    public async Task EnqueueAsync(string worker, string key, string eventName, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            await shared.EnqueueAsync(worker, key, eventName, body, cancellationToken);
        }
        catch (JobQueueRefusedException) when (options.Value.Runs(worker))
        {
            await own.EnqueueAsync(worker, key, eventName, body, cancellationToken);
        }
    }

    public async Task<Job?> LeaseAsync(string worker, bool sweep) => await own.LeaseAsync(worker, sweep) ?? await shared.LeaseAsync(worker, sweep);

    public Task<bool> RenewAsync(Job job, CancellationToken cancellationToken) => QueueOf(job).RenewAsync(job, cancellationToken);

    public Task CompleteAsync(Job job, CancellationToken cancellationToken) => QueueOf(job).CompleteAsync(job, cancellationToken);

    public Task RetryAsync(Job job, TimeSpan delay, CancellationToken cancellationToken) => QueueOf(job).RetryAsync(job, delay, cancellationToken);

    public Task ReleaseAsync(Job job, CancellationToken cancellationToken) => QueueOf(job).ReleaseAsync(job, cancellationToken);

    public Task DeadLetterAsync(Job job, JobFailure failure, CancellationToken cancellationToken) => QueueOf(job).DeadLetterAsync(job, failure, cancellationToken);

    public async Task<JobCounts> CountAsync(string worker, CancellationToken cancellationToken)
    {
        var here = await own.CountAsync(worker, cancellationToken);
        try
        {
            var there = await shared.CountAsync(worker, cancellationToken);
            return new JobCounts(here.Waiting + there.Waiting, here.Running + there.Running, here.DeadLetters + there.DeadLetters);
        }
        catch (JobQueueRefusedException)
        {
            return here;
        }
    }

    public async Task<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string worker, int count, CancellationToken cancellationToken)
    {
        var here = await own.ReadDeadLettersAsync(worker, count, cancellationToken);
        try
        {
            return [.. here.Concat(await shared.ReadDeadLettersAsync(worker, count, cancellationToken)).OrderByDescending(letter => letter.At).Take(count)];
        }
        catch (JobQueueRefusedException)
        {
            return here;
        }
    }

    public Task<int> RequeueDeadLettersAsync(string worker, string? id, CancellationToken cancellationToken) =>
        InBothAsync(id, queue => queue.RequeueDeadLettersAsync(worker, id, cancellationToken));

    public Task<int> RemoveDeadLettersAsync(string worker, string? id, CancellationToken cancellationToken) =>
        InBothAsync(id, queue => queue.RemoveDeadLettersAsync(worker, id, cancellationToken));

    public IDisposable OnAdded(string worker, Action added) => new CombinedSubscription(shared.OnAdded(worker, added), own.OnAdded(worker, added));

    private IJobQueue QueueOf(Job job) => IsOwn(job.Id) ? own : shared;

    /// <summary>Ids of Redis Streams are two numbers with a hyphen between them; ids in memory have none.</summary>
    private static bool IsOwn(string id) => !id.Contains('-', StringComparison.Ordinal);

    private async Task<int> InBothAsync(string? id, Func<IJobQueue, Task<int>> change)
    {
        if (id is not null)
            return await change(IsOwn(id) ? own : shared);
        var here = await change(own);
        try
        {
            return here + await change(shared);
        }
        catch (JobQueueRefusedException)
        {
            return here;
        }
    }

    private sealed class CombinedSubscription(IDisposable one, IDisposable other) : IDisposable
    {
        public void Dispose()
        {
            one.Dispose();
            other.Dispose();
        }
    }
}
