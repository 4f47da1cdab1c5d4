namespace BlazorChat.Channels.Layer.Redis;

/// <summary>
/// Distinguishes a Redis that is gone from one that is busy. It is gone when it has answered nothing at all for a timeout, not when one
/// answer waits behind many others. Thread-safe.
/// </summary>
internal sealed class RedisLiveness(TimeProvider time)
{
    private long _last = time.GetTimestamp();

    /// <summary>Records that something was received from Redis.</summary>
    public void MarkAlive() => Volatile.Write(ref _last, time.GetTimestamp());

    /// <summary>Waits for an answer for as long as Redis answers anything.</summary>
    /// <param name="timeout">How long Redis may be silent. The client's own timeout of the command ends the wait too.</param>
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
                // The answer has just come, or it waits behind others.
            }
        }
    }

    /// <inheritdoc cref="WaitAsync(Task, TimeSpan, CancellationToken)"/>
    public async Task<T> WaitAsync<T>(Task<T> answer, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        await WaitAsync((Task)answer, timeout, cancellationToken);
        return await answer;
    }

    /// <summary>A timer that fired late was delayed by this process, which may have delayed the answer too.</summary>
    private bool MayStillAnswer(long began, TimeSpan timeout) =>
        time.GetElapsedTime(Volatile.Read(ref _last)) < timeout || time.GetElapsedTime(began) > timeout * 1.5;
}
