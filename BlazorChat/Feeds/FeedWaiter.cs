using System.Threading.Tasks.Sources;

namespace BlazorChat.Feeds;

/// <summary>
/// A reusable, allocation-free task source on which one follower awaits changes. The continuation runs inline on the thread that wakes it.
/// </summary>
internal sealed class FeedWaiter : IValueTaskSource, IDisposable
{
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _registration;
    private ManualResetValueTaskSourceCore<bool> _source;
    private int _isWaiting;

    /// <param name="cancellation">Cancels every wait.</param>
    public FeedWaiter(CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _registration = cancellation.UnsafeRegister(waiter => ((FeedWaiter)waiter!).Cancel(), this);
    }

    /// <summary>Completes when <see cref="Wake"/> is called. The previous wait has completed.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; the returned task throws it.</exception>
    public ValueTask WaitAsync()
    {
        _source.Reset();
        Volatile.Write(ref _isWaiting, 1);
        // The callback of a token that was cancelled earlier found nothing to cancel.
        if (_cancellation.IsCancellationRequested)
            Cancel();
        return new ValueTask(this, _source.Version);
    }

    /// <summary>Completes the current wait, if there is one.</summary>
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
