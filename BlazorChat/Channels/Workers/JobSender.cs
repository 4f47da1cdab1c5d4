using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Workers.Queue;

namespace BlazorChat.Channels.Workers;

/// <summary>Enqueues events that are sent to a worker channel.</summary>
internal sealed class JobSender(WorkerRegistry workers, IJobQueue queue) : IJobSender
{
    private const int MaxKeyLength = 100;

    public Task? TrySendAsync(string channelName, EventType type, object message, byte[] payload, CancellationToken cancellationToken)
    {
        if (workers.Find(channelName) is not { } worker)
            return null;
        if (worker.Job != type.Type)
            throw new InvalidOperationException($"The worker channel '{worker.Name}' accepts {worker.Job}, not {type.Type}.");
        var key = message is IKeyedJob keyed ? keyed.Key : Guid.NewGuid().ToString("N");
        if (key.Length is 0 or > MaxKeyLength)
            throw new InvalidOperationException($"The key of a job has 1 to {MaxKeyLength} characters; that of {type.Type} has {key.Length}.");
        return queue.EnqueueAsync(worker.Name, key, type.Name, payload, cancellationToken);
    }
}
