using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace BlazorChat.Channels.Workers.Queue;

/// <summary>The jobs of a node alone. They end with its process.</summary>
internal sealed class InMemoryJobQueue(IOptions<WorkerOptions> options, TimeProvider time) : IJobQueue
{
    private readonly ConcurrentDictionary<string, Line> _lines = new(StringComparer.Ordinal);
    private readonly JobWakers _wakers = new();
    private long _lastId;

    public bool OutlivesProcess => false;

    public Task AddAsync(string worker, string key, string eventName, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var line = Of(worker);
        lock (line.Gate)
        {
            if (line.Keys.Contains(key))
                return Task.CompletedTask;
            if (line.Jobs >= options.Value.Capacity)
                throw new JobQueueFullException(worker, options.Value.Capacity);
            line.Keys.Add(key);
            line.New.Enqueue(new Job(worker, NextId(), 0, eventName, body, key));
        }

        _wakers.Wake(worker);
        return Task.CompletedTask;
    }

    public Task<Job?> TakeAsync(string worker, bool sweep)
    {
        var line = Of(worker);
        lock (line.Gate)
        {
            var isRested = sweep && line.Resting.TryPeek(out _, out var until) && until <= time.GetTimestamp();
            if (!isRested && line.New.Count == 0)
                return Task.FromResult<Job?>(null);
            var job = isRested ? line.Resting.Dequeue() : line.New.Dequeue();
            job = job with { Tries = job.Tries + 1 };
            line.Running.Add(job.Id);
            return Task.FromResult<Job?>(job);
        }
    }

    public Task<bool> RenewAsync(Job job, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task CompleteAsync(Job job, CancellationToken cancellationToken) => EndAsync(job, line => line.Keys.Remove(job.Key));

    public Task RetryAsync(Job job, TimeSpan rest, CancellationToken cancellationToken) => EndAsync(job, line =>
        line.Resting.Enqueue(job, time.GetTimestamp() + (long)(rest.TotalSeconds * time.TimestampFrequency)));

    public Task GiveBackAsync(Job job, CancellationToken cancellationToken) => EndAsync(job, line =>
        line.Resting.Enqueue(job with { Tries = job.Tries - 1 }, 0));

    public Task BuryAsync(Job job, JobFailure failure, CancellationToken cancellationToken) => EndAsync(job, line =>
    {
        var letter = new DeadLetter(job.Id, job.EventName, time.GetUtcNow(), job.Tries, failure);
        line.Keys.Remove(job.Key);
        line.Dead.AddLast((letter, job with { Tries = 0 }));
        if (line.Dead.Count > options.Value.DeadLetters)
            line.Dead.RemoveFirst();
    });

    public Task<JobCounts> CountAsync(string worker, CancellationToken cancellationToken)
    {
        var line = Of(worker);
        lock (line.Gate)
            return Task.FromResult(new JobCounts(line.Jobs - line.Running.Count, line.Running.Count, line.Dead.Count));
    }

    public Task<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string worker, int count, CancellationToken cancellationToken)
    {
        var line = Of(worker);
        lock (line.Gate)
            return Task.FromResult<IReadOnlyList<DeadLetter>>([.. line.Dead.Reverse().Take(count).Select(dead => dead.Letter)]);
    }

    public Task<int> ReviveAsync(string worker, string? id, CancellationToken cancellationToken)
    {
        var line = Of(worker);
        int revived;
        bool isFull;
        lock (line.Gate)
        {
            var wanted = line.Find(id);
            revived = Math.Min(wanted.Length, options.Value.Capacity - line.Jobs);
            isFull = revived < wanted.Length;
            foreach (var dead in wanted.AsSpan(0, revived))
            {
                line.Dead.Remove(dead);
                line.Keys.Add(dead.Job.Key);
                line.New.Enqueue(dead.Job);
            }
        }

        _wakers.Wake(worker);
        return isFull ? throw new JobQueueFullException(worker, options.Value.Capacity) : Task.FromResult(revived);
    }

    public Task<int> ForgetAsync(string worker, string? id, CancellationToken cancellationToken)
    {
        var line = Of(worker);
        lock (line.Gate)
        {
            var wanted = line.Find(id);
            foreach (var dead in wanted)
                line.Dead.Remove(dead);
            return Task.FromResult(wanted.Length);
        }
    }

    public IDisposable OnAdded(string worker, Action added) => _wakers.Add(worker, added);

    private Line Of(string worker) => _lines.GetOrAdd(worker, _ => new Line());

    private string NextId() => Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);

    private Task EndAsync(Job job, Action<Line> andThen)
    {
        var line = Of(job.Worker);
        lock (line.Gate)
        {
            line.Running.Remove(job.Id);
            andThen(line);
        }

        return Task.CompletedTask;
    }

    private sealed class Line
    {
        public Lock Gate { get; } = new();

        public Queue<Job> New { get; } = [];

        /// <summary>By the timestamp at which their rest is over.</summary>
        public PriorityQueue<Job, long> Resting { get; } = new();

        public HashSet<string> Running { get; } = [];

        /// <summary>Of the jobs that wait, rest or run.</summary>
        public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);

        public LinkedList<(DeadLetter Letter, Job Job)> Dead { get; } = [];

        public int Jobs => New.Count + Resting.Count + Running.Count;

        public (DeadLetter Letter, Job Job)[] Find(string? id) => [.. Dead.Where(dead => id is null || dead.Letter.Id == id)];
    }
}
