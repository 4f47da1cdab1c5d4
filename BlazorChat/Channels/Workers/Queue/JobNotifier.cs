using System.Collections.Concurrent;
using BlazorChat.Common;

namespace BlazorChat.Channels.Workers.Queue;

/// <summary>
/// Wakes the loops of this process when there may be a new job. A notification from Redis may be lost, so loops also poll. Thread-safe.
/// </summary>
internal sealed class JobNotifier
{
    private readonly ConcurrentBag<(string Worker, Signal Added)> _loops = [];

    /// <summary>Returns a signal for one loop, which is set for each new job of the worker channel.</summary>
    public Signal Subscribe(string worker)
    {
        var added = new Signal();
        _loops.Add((worker, added));
        return added;
    }

    public void Notify(string worker)
    {
        foreach (var (_, added) in _loops.Where(loop => loop.Worker == worker))
            added.Set();
    }
}
