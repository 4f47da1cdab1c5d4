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

    public Task<bool> RenewAsync(Job job, CancellationToken cancellationToken) => QueueOf(job.Id).RenewAsync(job, cancellationToken);

    public Task CompleteAsync(Job job, CancellationToken cancellationToken) => QueueOf(job.Id).CompleteAsync(job, cancellationToken);

    public Task RetryAsync(Job job, TimeSpan delay, CancellationToken cancellationToken) => QueueOf(job.Id).RetryAsync(job, delay, cancellationToken);

    public Task ReleaseAsync(Job job, CancellationToken cancellationToken) => QueueOf(job.Id).ReleaseAsync(job, cancellationToken);

    public Task DeadLetterAsync(Job job, JobFailure failure, CancellationToken cancellationToken) => QueueOf(job.Id).DeadLetterAsync(job, failure, cancellationToken);

    public async Task<JobCounts> CountAsync(string worker, CancellationToken cancellationToken)
    {
        var here = await own.CountAsync(worker, cancellationToken);
        var there = await UnlessRefusedAsync(shared.CountAsync(worker, cancellationToken), new JobCounts(0, 0, 0));
        return new JobCounts(here.Waiting + there.Waiting, here.Running + there.Running, here.DeadLetters + there.DeadLetters);
    }

    public async Task<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string worker, int count, CancellationToken cancellationToken)
    {
        var here = await own.ReadDeadLettersAsync(worker, count, cancellationToken);
        var there = await UnlessRefusedAsync(shared.ReadDeadLettersAsync(worker, count, cancellationToken), []);
        return [.. here.Concat(there).OrderByDescending(letter => letter.At).Take(count)];
    }

    public Task<int> RequeueDeadLettersAsync(string worker, string? id, CancellationToken cancellationToken) =>
        InBothAsync(id, queue => queue.RequeueDeadLettersAsync(worker, id, cancellationToken));

    public Task<int> RemoveDeadLettersAsync(string worker, string? id, CancellationToken cancellationToken) =>
        InBothAsync(id, queue => queue.RemoveDeadLettersAsync(worker, id, cancellationToken));

    /// <summary>Ids of Redis Streams are two numbers with a hyphen between them; ids in memory have none.</summary>
    private IJobQueue QueueOf(string id) => id.Contains('-', StringComparison.Ordinal) ? shared : own;

    private async Task<int> InBothAsync(string? id, Func<IJobQueue, Task<int>> change) =>
        id is null ? await change(own) + await UnlessRefusedAsync(change(shared), 0) : await change(QueueOf(id));

    /// <summary>Jobs of this process are shown and changed while Redis refuses to serve those of all nodes.</summary>
    private static async Task<T> UnlessRefusedAsync<T>(Task<T> answer, T refused)
    {
        try
        {
            return await answer;
        }
        catch (JobQueueRefusedException)
        {
            return refused;
        }
    }
}
