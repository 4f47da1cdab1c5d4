namespace BlazorChat.Feeds;

/// <summary>
/// The waiters of one feed. They are woken in batches, each on one thread of the pool: the work of a waiter is mostly shorter than queuing it
/// to a thread of its own. Not thread-safe: its feed locks it.
/// </summary>
internal sealed class FeedWaitList
{
    /// <summary>The largest batch: a slow waiter delays the rest of its batch.</summary>
    private const int MaxBatch = 32;

    private static readonly int BatchesWanted = 4 * Environment.ProcessorCount;

    private readonly HashSet<FeedWaiter> _waiting = [];

    public void Add(FeedWaiter waiter) => _waiting.Add(waiter);

    public void Remove(FeedWaiter waiter) => _waiting.Remove(waiter);

    /// <summary>Queues all waiters to be woken by the thread pool, and removes them.</summary>
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
