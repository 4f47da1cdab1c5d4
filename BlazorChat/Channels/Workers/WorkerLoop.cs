using BlazorChat.Channels.Workers.Queue;
using BlazorChat.Common;

namespace BlazorChat.Channels.Workers;

/// <summary>
/// Executes the jobs of a worker channel one after the other: leases one, renews its lease while it runs, and settles it: completes, retries,
/// releases or dead-letters it. As many loops as the worker's concurrency run in parallel.
/// </summary>
/// <param name="added">Set for each new job.</param>
/// <param name="stopping">Cancelled when no further job is to be started.</param>
/// <param name="interrupted">Cancelled when the running job must end too.</param>
internal sealed class WorkerLoop(
    WorkerChannel channel,
    IJobQueue queue,
    Signal added,
    JobRunner runner,
    WorkerOptions options,
    ChannelMetrics metrics,
    TimeProvider time,
    ILogger logger,
    CancellationToken stopping,
    CancellationToken interrupted)
{
    /// <summary>How long settling a job may take while the process stops.</summary>
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan MaxPollInterval = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _pollInterval = options.Lease / 2 < MaxPollInterval ? options.Lease / 2 : MaxPollInterval;
    private long? _swept;
    private bool _isQueueLost;

    // Jobs in memory would be lost, so they are still started while there is time.
    private bool MayBegin => queue.OutlivesProcess ? !stopping.IsCancellationRequested : !interrupted.IsCancellationRequested;

    public async Task RunAsync()
    {
        while (MayBegin)
        {
            if (await LeaseAsync() is not { } job)
            {
                if (stopping.IsCancellationRequested)
                    return;
                await added.WaitAsync(_pollInterval, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            else if (MayBegin)
            {
                await ExecuteAsync(job);
            }
            else
            {
                await SettleAsync(job, token => queue.ReleaseAsync(job, token));
            }
        }
    }

    private async Task<Job?> LeaseAsync()
    {
        try
        {
            var sweep = _swept is null || time.GetElapsedTime(_swept.Value) >= _pollInterval;
            if (sweep && metrics.CountsWaitingJobs)
                metrics.JobsWaiting(channel.Name, (await queue.CountAsync(channel.Name, stopping)).Waiting);
            // Not cancellable: a job that was leased by a cancelled call would wait until its lease has expired.
            var job = await queue.LeaseAsync(channel.Name, sweep);
            // When one delayed job was due there may be more, so the next turn sweeps again.
            if (sweep && job is null or { Tries: 1 })
                _swept = time.GetTimestamp();
            if (_isQueueLost)
                WorkerLog.QueueBack(logger, channel.Name);
            _isQueueLost = false;
            return job;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            // RedisStatus logs a refusal once for all worker channels.
            if (exception is JobQueueRefusedException)
                return null;
            if (!_isQueueLost)
                WorkerLog.QueueLost(logger, exception, channel.Name);
            _isQueueLost = true;
            return null;
        }
    }

    private async Task ExecuteAsync(Job job)
    {
        if (job.Tries > options.Tries)
        {
            await FailAsync(job, new WorkerDiedException());
            return;
        }

        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, interrupted);
        using var ended = new CancellationTokenSource();
        var renewing = RenewLeaseAsync(job, ending, ended.Token);
        Exception? failure = null;
        try
        {
            await runner.RunAsync(channel, job, ending.Token);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        await ended.CancelAsync();
        var holdsLease = await renewing;
        if (failure is null)
        {
            if (await SettleAsync(job, token => queue.CompleteAsync(job, token)))
                metrics.JobDone(channel.Name);
        }
        else if (!holdsLease)
        {
            WorkerLog.LeaseLost(logger, channel.Name, job.EventName);
        }
        else if (timeout.IsCancellationRequested && failure is OperationCanceledException)
        {
            await FailAsync(job, new TimeoutException($"The job took longer than {options.Timeout}.", failure));
        }
        else if (interrupted.IsCancellationRequested && failure is OperationCanceledException)
        {
            await SettleAsync(job, token => queue.ReleaseAsync(job, token));
        }
        else
        {
            await FailAsync(job, failure);
        }
    }

    /// <summary>Renews the lease until the job has ended. False when the lease was lost; the job is then cancelled.</summary>
    private async Task<bool> RenewLeaseAsync(Job job, CancellationTokenSource ending, CancellationToken ended)
    {
        while (true)
        {
            try
            {
                await Task.Delay(options.Lease / 3, time, ended);
                if (await queue.RenewAsync(job, ended))
                    continue;
                await ending.CancelAsync();
                return false;
            }
            catch (JobQueueUnavailableException) when (!ended.IsCancellationRequested)
            {
                // The job continues: Redis may be back before another worker has leased it.
            }
            catch (Exception) when (ended.IsCancellationRequested)
            {
                return true;
            }
        }
    }

    private async Task FailAsync(Job job, Exception failure)
    {
        metrics.JobFailed(channel.Name);
        WorkerLog.TryFailed(logger, failure, channel.Name, job.EventName, job.Tries, options.Tries);
        if (job.Tries < options.Tries)
        {
            await SettleAsync(job, token => queue.RetryAsync(job, options.BackoffAfter(job.Tries, Random.Shared.NextDouble()), token));
            return;
        }

        if (!await SettleAsync(job, token => queue.DeadLetterAsync(job, JobFailure.Of(failure), token)))
            return;
        metrics.JobDead(channel.Name);
        WorkerLog.Buried(logger, channel.Name, job.EventName);
    }

    private async Task<bool> SettleAsync(Job job, Func<CancellationToken, Task> settle)
    {
        using var timeout = new CancellationTokenSource();
        await using var bound = interrupted.Register(() => timeout.CancelAfter(SettleTimeout));
        try
        {
            await settle(timeout.Token);
            return true;
        }
        catch (Exception exception)
        {
            WorkerLog.NotSettled(logger, exception, channel.Name, job.EventName);
            return false;
        }
    }
}

/// <summary>The failure of a job whose workers all died, so that none could report a failure.</summary>
internal sealed class WorkerDiedException() : Exception("The worker ended while it had the job, each time.");
