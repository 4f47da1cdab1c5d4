namespace BlazorChat.Channels.Workers;

/// <summary>A worker channel has as many jobs as it keeps. The job is not kept.</summary>
public sealed class JobQueueFullException(string worker, int capacity)
    : InvalidOperationException($"The worker channel '{worker}' has {capacity:N0} jobs and takes no more for now.");

/// <summary>Redis did not answer in time. Nobody may count on what was asked; it may still have been done.</summary>
public sealed class JobQueueUnavailableException(string worker, Exception cause)
    : InvalidOperationException($"The queue of the worker channel '{worker}' does not answer.", cause);
