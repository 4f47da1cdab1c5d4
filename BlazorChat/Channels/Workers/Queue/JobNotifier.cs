using System.Collections.Concurrent;

namespace BlazorChat.Channels.Workers.Queue;

/// <summary>Notifies the loops of this process of new jobs. Thread-safe.</summary>
internal sealed class JobNotifier
{
    private readonly ConcurrentDictionary<object, (string Worker, Action Added)> _subscriptions = new();

    public IDisposable Subscribe(string worker, Action added)
    {
        var subscription = new Subscription(this);
        _subscriptions[subscription] = (worker, added);
        return subscription;
    }

    public void Notify(string worker)
    {
        foreach (var (name, added) in _subscriptions.Values)
        {
            if (name == worker)
                added();
        }
    }

    private sealed class Subscription(JobNotifier notifier) : IDisposable
    {
        public void Dispose() => notifier._subscriptions.TryRemove(this, out _);
    }
}
