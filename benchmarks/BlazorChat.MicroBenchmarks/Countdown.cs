namespace BlazorChat.MicroBenchmarks;

/// <summary>Waits until something has happened so many times, on whatever threads; again and again, without allocating anything.</summary>
internal sealed class Countdown
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly object _gate = new();
    private int _left;

    public void Start(int count) => Volatile.Write(ref _left, count);

    public void Count()
    {
        if (Interlocked.Decrement(ref _left) > 0)
            return;
        lock (_gate)
            Monitor.Pulse(_gate);
    }

    /// <exception cref="TimeoutException">Something never happened.</exception>
    public void Wait()
    {
        lock (_gate)
        {
            while (Volatile.Read(ref _left) > 0)
            {
                if (!Monitor.Wait(_gate, Timeout))
                    throw new TimeoutException($"{_left} more were expected.");
            }
        }
    }
}
