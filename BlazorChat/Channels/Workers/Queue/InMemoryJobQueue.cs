using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace BlazorChat.Channels.Workers.Queue;

/// <summary>The queue of a single node, in its memory. Jobs and workers end with the process, so leases need not expire.</summary>
internal sealed class InMemoryJobQueue(IOptions<WorkerOptions> options, TimeProvider time) : IJobQueue
{
    private readonly ConcurrentDictionary<string, WorkerQueue> _queues = new(StringComparer.Ordinal);
    private readonly JobNotifier _notifier = new();
    private long _lastId;

    public bool OutlivesProcess => false;

    public Task EnqueueAsync(string worker, string key, string eventName, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var queue = QueueOf(worker);
        lock (queue.Gate)
        {
            if (queue.Keys.Contains(key))
                return Task.CompletedTask;
            if (queue.Jobs >= options.Value.Capacity)
                throw new JobQueueFullException(worker, options.Value.Capacity);
            queue.Keys.Add(key);
            queue.New.Enqueue(new Job(worker, NextId(), 0, eventName, body, key));
        }

        _notifier.Notify(worker);
        return Task.CompletedTask;
    }

    public Task<Job?> LeaseAsync(string worker, bool sweep)
    {
        var queue = QueueOf(worker);
        lock (queue.Gate)
        {
            var isDue = sweep && queue.Delayed.TryPeek(out _, out var until) && until <= time.GetTimestamp();
            if (!isDue && queue.New.Count == 0)
                return Task.FromResult<Job?>(null);
            var job = isDue ? queue.Delayed.Dequeue() : queue.New.Dequeue();
            job = job with { Tries = job.Tries + 1 };
            queue.Running.Add(job.Id);
            return Task.FromResult<Job?>(job);
        }
    }

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

    public Task<JobCounts> CountAsync(string worker, CancellationToken cancellationToken)
    {
        var queue = QueueOf(worker);
        lock (queue.Gate)
            return Task.FromResult(new JobCounts(queue.Jobs - queue.Running.Count, queue.Running.Count, queue.Dead.Count));
    }

    public Task<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string worker, int count, CancellationToken cancellationToken)
    {
        var queue = QueueOf(worker);
        lock (queue.Gate)
            return Task.FromResult<IReadOnlyList<DeadLetter>>([.. queue.Dead.Reverse().Take(count).Select(dead => dead.Letter)]);
    }

    public Task<int> RequeueDeadLettersAsync(string worker, string? id, CancellationToken cancellationToken)
    {
        var queue = QueueOf(worker);
        int revived;
        bool isFull;
        lock (queue.Gate)
        {
            var wanted = queue.Find(id);
            revived = Math.Min(wanted.Length, options.Value.Capacity - queue.Jobs);
            isFull = revived < wanted.Length;
            foreach (var dead in wanted.AsSpan(0, revived))
            {
                queue.Dead.Remove(dead);
                queue.Keys.Add(dead.Job.Key);
                queue.New.Enqueue(dead.Job);
            }
        }

        _notifier.Notify(worker);
        return isFull ? throw new JobQueueFullException(worker, options.Value.Capacity) : Task.FromResult(revived);
    }

    public Task<int> RemoveDeadLettersAsync(string worker, string? id, CancellationToken cancellationToken)
    {
        var queue = QueueOf(worker);
        lock (queue.Gate)
        {
            var wanted = queue.Find(id);
            foreach (var dead in wanted)
                queue.Dead.Remove(dead);
            return Task.FromResult(wanted.Length);
        }
    }

    public IDisposable OnAdded(string worker, Action added) => _notifier.Subscribe(worker, added);

    private WorkerQueue QueueOf(string worker) => _queues.GetOrAdd(worker, _ => new WorkerQueue());

    private string NextId() => Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);

    private Task EndAsync(Job job, Action<WorkerQueue> andThen)
    {
        var queue = QueueOf(job.Worker);
        lock (queue.Gate)
        {
            queue.Running.Remove(job.Id);
            andThen(queue);
        }

        return Task.CompletedTask;
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

        public (DeadLetter Letter, Job Job)[] Find(string? id) => [.. Dead.Where(dead => id is null || dead.Letter.Id == id)];
    }
}
