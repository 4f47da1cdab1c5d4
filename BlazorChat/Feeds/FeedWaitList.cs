namespace BlazorChat.Feeds;

/// <summary>
/// Those who wait for one feed to grow. They are woken some at a time, one after the other on one thread: what each of them does
/// then is short, mostly, and handing it to a thread of its own costs more than doing it. Its owner locks it.
/// </summary>
internal sealed class FeedWaitList
{
    /// <summary>Woken on one thread: who is slow keeps so many others waiting.</summary>
    private const int MaxBatch = 32;

    private static readonly int BatchesWanted = 4 * Environment.ProcessorCount;

    private readonly HashSet<FeedWaiter> _waiting = [];

    public void Add(FeedWaiter waiter) => _waiting.Add(waiter);

    public void Remove(FeedWaiter waiter) => _waiting.Remove(waiter);

    /// <summary>Wakes all, on other threads.</summary>
    public void Wake()
    {
        var batchSize = Math.Clamp(_waiting.Count / BatchesWanted, 1, MaxBatch);
        foreach (var waiters in _waiting.Chunk(batchSize))
            ThreadPool.UnsafeQueueUserWorkItem(new WakeBatch(waiters), preferLocal: false);
        _waiting.Clear();
    }

    private sealed class WakeBatch(FeedWaiter[] waiters) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            foreach (var waiter in waiters)
                waiter.Wake();
        }
    }
}
