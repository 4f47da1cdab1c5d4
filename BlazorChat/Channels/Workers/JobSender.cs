using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Workers.Queue;

namespace BlazorChat.Channels.Workers;

/// <summary>Enqueues events that are sent to a worker channel.</summary>
internal sealed class JobSender(WorkerRegistry workers, IJobQueue queue) : IJobSender
{
    public Task? TrySendAsync(string channelName, EventType type, object message, byte[] payload, CancellationToken cancellationToken)
    {
        if (workers.Find(channelName) is not { } worker)
            return null;
        if (worker.Job != type.Type)
            throw new InvalidOperationException($"The worker channel '{worker.Name}' takes {worker.Job}, not {type.Type}.");
        var key = message is IKeyedJob keyed ? keyed.Key : Guid.NewGuid().ToString("N");
        return queue.EnqueueAsync(worker.Name, key, type.Name, payload, cancellationToken);
    }
}
