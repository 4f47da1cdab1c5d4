using System.Threading.Tasks.Sources;

namespace BlazorChat.Feeds;

/// <summary>
/// What one follower waits on until its feed grows, again and again, without allocating anything. Whoever wakes it runs what
/// comes after the wait.
/// </summary>
internal sealed class FeedWaiter : IValueTaskSource, IDisposable
{
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _registration;
    private ManualResetValueTaskSourceCore<bool> _source;
    private int _isWaiting;

    /// <param name="cancellation">Ends every wait.</param>
    public FeedWaiter(CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _registration = cancellation.UnsafeRegister(waiter => ((FeedWaiter)waiter!).Cancel(), this);
    }

    /// <summary>Completes when it is woken; the one before has completed.</summary>
    /// <exception cref="OperationCanceledException">By the wait, when the token is cancelled.</exception>
    public ValueTask WaitAsync()
    {
        _source.Reset();
        Volatile.Write(ref _isWaiting, 1);
        // A token that was cancelled before has called nobody who waits.
        if (_cancellation.IsCancellationRequested)
            Cancel();
        return new ValueTask(this, _source.Version);
    }

    /// <summary>Ends the wait, if there is one.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _isWaiting, 0) == 1)
            _source.SetResult(true);
    }

    public void Dispose() => _registration.Dispose();

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Cancel()
    {
        if (Interlocked.Exchange(ref _isWaiting, 0) == 1)
            _source.SetException(new OperationCanceledException(_cancellation));
    }
}
