namespace BlazorChat.Channels.Layer.Redis;

/// <summary>
/// Tells a Redis that is gone from one that has much to do: it is gone when it has answered nothing at all for a timeout,
/// not when one answer has to wait behind many others.
/// </summary>
internal sealed class RedisLiveness(TimeProvider time)
{
    private long _last = time.GetTimestamp();

    /// <summary>Notes that something came from Redis.</summary>
    public void MarkAlive() => Volatile.Write(ref _last, time.GetTimestamp());

    /// <summary>Waits for an answer for as long as Redis answers anything.</summary>
    /// <param name="timeout">How long Redis may be silent. A client's own timeout of the answer ends the wait too.</param>
    /// <exception cref="TimeoutException">Redis has been silent for so long.</exception>
    public async Task WaitAsync(Task answer, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var began = time.GetTimestamp();
            try
            {
                await answer.WaitAsync(timeout, time, cancellationToken);
                MarkAlive();
                return;
            }
            catch (TimeoutException) when (!answer.IsFaulted && (answer.IsCompleted || MayStillAnswer(began, timeout)))
            {
                // The answer has just come, or is behind others.
            }
        }
    }

    /// <inheritdoc cref="WaitAsync(Task, TimeSpan, CancellationToken)"/>
    public async Task<T> WaitAsync<T>(Task<T> answer, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        await WaitAsync((Task)answer, timeout, cancellationToken);
        return await answer;
    }

    /// <summary>A timer that fires late was held up by this process, and so may have been what Redis said.</summary>
    private bool MayStillAnswer(long began, TimeSpan timeout) =>
        time.GetElapsedTime(Volatile.Read(ref _last)) < timeout || time.GetElapsedTime(began) > timeout * 1.5;
}
