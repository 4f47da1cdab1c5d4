using BlazorChat.Channels.Layer.Redis;

namespace BlazorChat.Channels.Workers.Queue;

/// <summary>A worker channel is at its capacity (<see cref="WorkerOptions.Capacity"/>). The job is not stored.</summary>
public sealed class JobQueueFullException(string worker, int capacity)
    : InvalidOperationException($"The worker channel '{worker}' has {capacity:N0} jobs and accepts no more for now.");

/// <summary>Redis did not answer in time. The request may have been carried out or not.</summary>
public class JobQueueUnavailableException : InvalidOperationException
{
    internal JobQueueUnavailableException(string worker, Exception cause)
        : base($"The queue of the worker channel '{worker}' does not answer.", cause)
    {
    }

    private protected JobQueueUnavailableException(string message)
        : base(message)
    {
    }
}

/// <summary>Redis refused the request. It was not carried out.</summary>
public sealed class JobQueueRefusedException : JobQueueUnavailableException
{
    internal JobQueueRefusedException(string worker, RedisProblem problem)
        : base($"Redis refuses the queue of the worker channel '{worker}': {problem.Reason}")
    {
    }
}
