namespace BlazorChat.Channels.Workers;

internal static partial class WorkerLog
{
    [LoggerMessage(1, LogLevel.Information, "Worker channel {Worker}: this process runs its jobs, {Concurrency} at a time")]
    public static partial void Started(ILogger logger, string worker, int concurrency);

    [LoggerMessage(2, LogLevel.Warning, "Worker channel {Worker}: {EventName} failed, try {Tries} of {MaxTries}")]
    public static partial void TryFailed(ILogger logger, Exception exception, string worker, string eventName, int tries, int maxTries);

    [LoggerMessage(3, LogLevel.Error, "Worker channel {Worker}: {EventName} failed for good and is a dead letter")]
    public static partial void Buried(ILogger logger, string worker, string eventName);

    [LoggerMessage(4, LogLevel.Warning, "Worker channel {Worker}: the lease of {EventName} ran out while it was worked on, and another worker has it")]
    public static partial void LeaseLost(ILogger logger, string worker, string eventName);

    [LoggerMessage(5, LogLevel.Warning, "Worker channel {Worker}: the result of {EventName} could not be stored; the job will run again")]
    public static partial void NotSettled(ILogger logger, Exception exception, string worker, string eventName);

    [LoggerMessage(6, LogLevel.Warning, "Worker channel {Worker}: its queue does not answer, and is asked again until it does")]
    public static partial void QueueLost(ILogger logger, Exception exception, string worker);

    [LoggerMessage(7, LogLevel.Information, "Worker channel {Worker}: its queue answers again")]
    public static partial void QueueBack(ILogger logger, string worker);

    [LoggerMessage(8, LogLevel.Warning, "Jobs did not end in time while the process stops")]
    public static partial void JobsStuck(ILogger logger);

    [LoggerMessage(9, LogLevel.Warning, "Worker channel {Worker}: {Count} jobs are lost with this process, since there is no Redis to store them")]
    public static partial void JobsLost(ILogger logger, string worker, long count);
}
