using System.Collections.Concurrent;

namespace BlazorChat.Channels.Workers.Queue;

/// <summary>Who wants to know of new jobs.</summary>
internal sealed class JobWakers
{
    private readonly ConcurrentDictionary<object, (string Worker, Action Added)> _wakers = new();

    public IDisposable Add(string worker, Action added)
    {
        var waker = new Waker(this);
        _wakers[waker] = (worker, added);
        return waker;
    }

    public void Wake(string worker)
    {
        foreach (var (name, added) in _wakers.Values)
        {
            if (name == worker)
                added();
        }
    }

    private sealed class Waker(JobWakers wakers) : IDisposable
    {
        public void Dispose() => wakers._wakers.TryRemove(this, out _);
    }
}
