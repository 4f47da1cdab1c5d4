using BlazorChat.Channels.Layer.Redis;

namespace BlazorChat.Channels.Workers.Queue;

/// <summary>A worker channel has as many jobs as it keeps. The job is not kept.</summary>
public sealed class JobQueueFullException(string worker, int capacity)
    : InvalidOperationException($"The worker channel '{worker}' has {capacity:N0} jobs and takes no more for now.");

/// <summary>Redis did not answer in time. Nobody may count on what was asked; it may still have been done.</summary>
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

/// <summary>Redis answered that it will not do what was asked. It was not done.</summary>
public sealed class JobQueueRefusedException : JobQueueUnavailableException
{
    internal JobQueueRefusedException(string worker, RedisProblem problem)
        : base($"Redis refuses the queue of the worker channel '{worker}': {problem.Reason}")
    {
    }
}
