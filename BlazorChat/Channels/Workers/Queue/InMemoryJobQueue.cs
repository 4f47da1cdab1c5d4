using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace BlazorChat.Channels.Workers.Queue;

/// <summary>The queue of a single node, in its memory. Jobs and workers end with the process, so leases need not expire.</summary>
internal sealed class InMemoryJobQueue(IOptions<WorkerOptions> options, JobNotifier notifier, TimeProvider time) : IJobQueue
{
    private readonly ConcurrentDictionary<string, WorkerQueue> _queues = new(StringComparer.Ordinal);
    private long _lastId;

    public bool OutlivesProcess => false;

    public Task EnqueueAsync(string worker, string key, string eventName, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        InQueueAsync(worker, queue =>
        {
            if (queue.Keys.Contains(key))
                return false;
            if (queue.Jobs >= options.Value.Capacity)
                throw new JobQueueFullException(worker, options.Value.Capacity);
            var id = Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
            queue.Add(new Job(worker, id, 0, eventName, body, key));
            notifier.Notify(worker);
            return true;
        });

    public Task<Job?> LeaseAsync(string worker, bool sweep) => InQueueAsync<Job?>(worker, queue =>
    {
        var isDue = sweep && queue.Delayed.TryPeek(out _, out var until) && until <= time.GetTimestamp();
        if (!isDue && queue.New.Count == 0)
            return null;
        var job = isDue ? queue.Delayed.Dequeue() : queue.New.Dequeue();
        queue.Running.Add(job.Id);
        return job with { Tries = job.Tries + 1 };
    });

    public Task<bool> RenewAsync(Job job, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task CompleteAsync(Job job, CancellationToken cancellationToken) => EndAsync(job, queue => queue.Keys.Remove(job.Key));

    public Task RetryAsync(Job job, TimeSpan delay, CancellationToken cancellationToken) => EndAsync(job, queue =>
        queue.Delayed.Enqueue(job, time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency)));

    public Task ReleaseAsync(Job job, CancellationToken cancellationToken) => EndAsync(job, queue =>
        queue.Delayed.Enqueue(job with { Tries = job.Tries - 1 }, 0));

    public Task DeadLetterAsync(Job job, JobFailure failure, CancellationToken cancellationToken) => EndAsync(job, queue =>
    {
        var letter = new DeadLetter(job.Id, job.EventName, time.GetUtcNow(), job.Tries, failure);
        queue.Keys.Remove(job.Key);
        queue.Dead.AddLast((letter, job with { Tries = 0 }));
        if (queue.Dead.Count > options.Value.DeadLetters)
            queue.Dead.RemoveFirst();
    });

    public Task<JobCounts> CountAsync(string worker, CancellationToken cancellationToken) =>
        InQueueAsync(worker, queue => new JobCounts(queue.Jobs - queue.Running.Count, queue.Running.Count, queue.Dead.Count));

    public Task<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string worker, int count, CancellationToken cancellationToken) =>
        InQueueAsync<IReadOnlyList<DeadLetter>>(worker, queue => [.. queue.Dead.Reverse().Take(count).Select(dead => dead.Letter)]);

    public Task<int> RequeueDeadLettersAsync(string worker, string? id, CancellationToken cancellationToken) => InQueueAsync(worker, queue =>
    {
        var wanted = queue.Find(id);
        var room = options.Value.Capacity - queue.Jobs;
        foreach (var dead in wanted.Take(room))
        {
            queue.Dead.Remove(dead);
            queue.Add(dead.Job);
        }

        notifier.Notify(worker);
        return wanted.Length <= room ? wanted.Length : throw new JobQueueFullException(worker, options.Value.Capacity);
    });

    public Task<int> RemoveDeadLettersAsync(string worker, string? id, CancellationToken cancellationToken) =>
        InQueueAsync(worker, queue => queue.Find(id).Count(queue.Dead.Remove));

    private Task<bool> EndAsync(Job job, Action<WorkerQueue> andThen) => InQueueAsync(job.Worker, queue =>
    {
        andThen(queue);
        return queue.Running.Remove(job.Id);
    });

    private Task<T> InQueueAsync<T>(string worker, Func<WorkerQueue, T> use)
    {
        var queue = _queues.GetOrAdd(worker, _ => new WorkerQueue());
        lock (queue.Gate)
            return Task.FromResult(use(queue));
    }

    private sealed class WorkerQueue
    {
        public Lock Gate { get; } = new();

        public Queue<Job> New { get; } = [];

        /// <summary>Jobs to be retried, by the timestamp at which they are due.</summary>
        public PriorityQueue<Job, long> Delayed { get; } = new();

        public HashSet<string> Running { get; } = [];

        /// <summary>The keys of all jobs that wait, are delayed or run.</summary>
        public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);

        public LinkedList<(DeadLetter Letter, Job Job)> Dead { get; } = [];

        public int Jobs => New.Count + Delayed.Count + Running.Count;

        public void Add(Job job)
        {
            Keys.Add(job.Key);
            New.Enqueue(job);
        }

        public (DeadLetter Letter, Job Job)[] Find(string? id) => [.. Dead.Where(dead => id is null || dead.Letter.Id == id)];
    }
}
