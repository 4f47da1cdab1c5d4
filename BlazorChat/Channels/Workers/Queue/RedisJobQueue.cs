using System.Globalization;
using BlazorChat.Channels.Layer.Redis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace BlazorChat.Channels.Workers.Queue;

/// <summary>The queue of all nodes, in Redis Streams; <see cref="RedisJobScripts"/> describes the data.</summary>
internal sealed class RedisJobQueue(
    RedisConnection redis,
    RedisStatus status,
    IOptions<ChannelOptions> channels,
    IOptions<WorkerOptions> options,
    JobNotifier notifier,
    TimeProvider time,
    ILogger<RedisJobQueue> logger)
    : IJobQueue
{
    /// <summary>How long enqueuing a job waits for Redis.</summary>
    private static readonly TimeSpan EnqueueTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long other requests wait: workers poll again soon, and admins can reload their page.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private int _isListening;

    public bool OutlivesProcess => true;

    private string Prefix => channels.Value.Prefix;

    private string AddedChannel => $"{Prefix}:!jobs";

    private TimeSpan Lease => options.Value.Lease;

    public async Task EnqueueAsync(string worker, string key, string eventName, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var added = await RunAsync(
            worker,
            RedisJobScripts.Enqueue,
            [Jobs(worker), Keys(worker)],
            [options.Value.Capacity, eventName, body, AddedChannel, worker, key],
            EnqueueTimeout,
            cancellationToken);
        if (added.IsNull)
            throw new JobQueueFullException(worker, options.Value.Capacity);
    }

    public async Task<Job?> LeaseAsync(string worker, bool sweep)
    {
        await ListenAsync();
        var leased = await RunAsync(
            worker, RedisJobScripts.Lease, [Jobs(worker)], [sweep ? Milliseconds(Lease) : RedisValue.EmptyString], RequestTimeout, CancellationToken.None);
        return leased.IsNull ? null : new Job(worker, (string)leased[0]!, (int)leased[1], (string)leased[2]!, (byte[])leased[3]!, (string)leased[4]!);
    }

    public Task<bool> RenewAsync(Job job, CancellationToken cancellationToken) =>
        SetLeaseAsync(job, "running", TimeSpan.Zero, job.Tries, RequestTimeout, cancellationToken);

    // A job is settled for at most the length of its lease: after that another worker has it.
    public Task CompleteAsync(Job job, CancellationToken cancellationToken) =>
        RunAsync(job.Worker, RedisJobScripts.Complete, [Jobs(job.Worker), Keys(job.Worker)], [job.Id, job.Key], Lease, cancellationToken);

    public Task RetryAsync(Job job, TimeSpan delay, CancellationToken cancellationToken) =>
        SetLeaseAsync(job, "resting", Lease - delay, job.Tries, Lease, cancellationToken);

    public Task ReleaseAsync(Job job, CancellationToken cancellationToken) =>
        SetLeaseAsync(job, "resting", Lease, job.Tries - 1, Lease, cancellationToken);

    public Task DeadLetterAsync(Job job, JobFailure failure, CancellationToken cancellationToken) => RunAsync(
        job.Worker,
        RedisJobScripts.DeadLetter,
        [Jobs(job.Worker), Dead(job.Worker), Keys(job.Worker)],
        [job.Id, job.Tries, options.Value.DeadLetters, failure.Type, failure.Message, job.Key],
        Lease,
        cancellationToken);

    public async Task<JobCounts> CountAsync(string worker, CancellationToken cancellationToken)
    {
        var counts = await RunAsync(worker, RedisJobScripts.Count, [Jobs(worker), Dead(worker)], [], RequestTimeout, cancellationToken);
        return new JobCounts((long)counts[0] - (long)counts[1], (long)counts[1], (long)counts[2]);
    }

    public async Task<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string worker, int count, CancellationToken cancellationToken)
    {
        var letters = await RunAsync(worker, RedisJobScripts.ReadDeadLetters, [Dead(worker)], [count], RequestTimeout, cancellationToken);
        return [.. ((RedisResult[])letters!).Select(letter => new DeadLetter(
            (string)letter[0]!, (string)letter[1]!, TimeOf((string)letter[0]!), (int)letter[2], new JobFailure((string)letter[3]!, (string)letter[4]!)))];
    }

    public async Task<int> RequeueDeadLettersAsync(string worker, string? id, CancellationToken cancellationToken)
    {
        var revived = await RunAsync(
            worker,
            RedisJobScripts.Requeue,
            [Jobs(worker), Dead(worker), Keys(worker)],
            [id ?? "-", id ?? "+", options.Value.Capacity, AddedChannel, worker],
            RequestTimeout,
            cancellationToken);
        return (int)revived[1] == 0 ? (int)revived[0] : throw new JobQueueFullException(worker, options.Value.Capacity);
    }

    public async Task<int> RemoveDeadLettersAsync(string worker, string? id, CancellationToken cancellationToken)
    {
        const string One = "return redis.call('XDEL', KEYS[1], ARGV[1])";
        const string All = "return redis.call('XTRIM', KEYS[1], 'MAXLEN', 0)";
        return (int)await RunAsync(worker, id is null ? All : One, [Dead(worker)], id is null ? [] : [id], RequestTimeout, cancellationToken);
    }

    /// <summary>The id of an entry begins with the time of Redis's clock, in milliseconds.</summary>
    private static DateTimeOffset TimeOf(string id) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(id.AsSpan(0, id.IndexOf('-', StringComparison.Ordinal)), CultureInfo.InvariantCulture));

    private static long Milliseconds(TimeSpan span) => Math.Max(0, (long)span.TotalMilliseconds);

    private RedisKey Jobs(string worker) => $"{Prefix}:jobs:{{{worker}}}";

    private RedisKey Keys(string worker) => $"{Prefix}:job-keys:{{{worker}}}";

    private RedisKey Dead(string worker) => $"{Prefix}:dead-letters:{{{worker}}}";

    private async Task<bool> SetLeaseAsync(Job job, string consumer, TimeSpan age, int tries, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var isHeld = await RunAsync(
            job.Worker, RedisJobScripts.SetLease, [Jobs(job.Worker)], [job.Id, job.Tries, consumer, Milliseconds(age), tries], timeout, cancellationToken);
        return (int)isHeld != 0;
    }

    /// <summary>Subscribes to notifications of new jobs, once. Without them workers find new jobs when they poll.</summary>
    private async Task ListenAsync()
    {
        if (Interlocked.Exchange(ref _isListening, 1) == 1)
            return;
        try
        {
            var connection = await redis.GetAsync(CancellationToken.None);
            await connection.GetSubscriber()
                .SubscribeAsync(RedisChannel.Literal(AddedChannel), (_, worker) => notifier.Notify(worker!))
                .WaitAsync(RequestTimeout, time);
        }
        catch (Exception exception) when (IsUnreachable(exception))
        {
            ChannelLog.RedisAttemptFailed(logger, exception);
            Volatile.Write(ref _isListening, 0);
        }
    }

    /// <summary>
    /// Runs a script, and repeats it while Redis is away, until the timeout. A script that was sent is not sent again while its connection
    /// lasts. A script that Redis refuses is not repeated.
    /// </summary>
    private async Task<RedisResult> RunAsync(
        string worker, string script, RedisKey[] keys, RedisValue[] values, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                var connection = await redis.GetAsync(cancellationToken).AsTask().WaitAsync(timeout, time, cancellationToken);
                var left = timeout - time.GetElapsedTime(began);
                if (left <= TimeSpan.Zero)
                    throw new TimeoutException();
                var result = await EvaluateAsync(connection.GetDatabase(), script, keys, values).WaitAsync(left, time, cancellationToken);
                status.Works(UseOf(script));
                return result;
            }
            catch (Exception exception) when (IsUnreachable(exception))
            {
                ChannelLog.RedisAttemptFailed(logger, exception);
                var problem = status.Failed(UseOf(script), exception);
                if (problem.IsRefusal)
                    throw new JobQueueRefusedException(worker, problem);
                if (time.GetElapsedTime(began) + RetryPause >= timeout)
                    throw new JobQueueUnavailableException(worker, exception);
                await Task.Delay(RetryPause, time, cancellationToken);
            }
        }
    }

    /// <summary>A Redis that is full refuses new jobs, but still serves workers. So the two have a status of their own.</summary>
    private static RedisUse UseOf(string script) => script == RedisJobScripts.Enqueue ? RedisUse.Jobs : RedisUse.Workers;

    private static async Task<RedisResult> EvaluateAsync(IDatabase database, string script, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            return await database.ScriptEvaluateAsync(script, keys, values);
        }
        catch (RedisServerException exception) when (exception.Message.Contains("NOGROUP", StringComparison.Ordinal))
        {
            // This is the first worker, or Redis has lost its data.
            await CreateGroupAsync(database, keys[0]);
            return await database.ScriptEvaluateAsync(script, keys, values);
        }
    }

    private static async Task CreateGroupAsync(IDatabase database, RedisKey jobs)
    {
        try
        {
            // The group starts at the beginning of the stream, to include the jobs that were sent while no worker ran.
            await database.StreamCreateConsumerGroupAsync(jobs, RedisJobScripts.Group, StreamPosition.Beginning);
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("BUSYGROUP", StringComparison.Ordinal))
        {
            // Another worker has just created it.
        }
    }

    private static bool IsUnreachable(Exception exception) => exception is RedisException or TimeoutException or ObjectDisposedException;
}
