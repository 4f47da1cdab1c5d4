namespace BlazorChat.Common;

/// <summary>
/// Wakes one loop. Setting it ends the loop's wait, or else its next one; setting it several times before that counts as once. Any thread may
/// set it; one loop waits for it.
/// </summary>
/// <example>
/// <code>
/// while (true)
/// {
///     await _changed.WaitAsync(stoppingToken); // every change is followed by _changed.Set()
///     await PublishChangesAsync(stoppingToken);
/// }
/// </code>
/// </example>
internal sealed class Signal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _set = Create();

    public void Set()
    {
        lock (_gate)
            _set.TrySetResult();
    }

    /// <summary>Completes when the signal is set, and resets it.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled. The signal is not reset.</exception>
    public Task WaitAsync(CancellationToken cancellationToken) => WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Completes when the signal is set, and resets it, or when the timeout has passed.</summary>
    /// <inheritdoc cref="WaitAsync(CancellationToken)"/>
    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        await _set.Task.WaitAsync(timeout, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_set.Task.IsCompleted)
                _set = Create();
        }
    }

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
