namespace BlazorChat.Channels.Layer.Redis;

/// <summary>
/// Distinguishes a Redis that is gone from one that is busy. It is gone when it has answered nothing at all for two seconds, not when
/// one answer waits behind many others. Thread-safe.
/// </summary>
internal sealed class RedisLiveness(TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private long _last = time.GetTimestamp();

    /// <summary>Records that something was received from Redis.</summary>
    public void MarkAlive() => Volatile.Write(ref _last, time.GetTimestamp());

    /// <summary>Waits for an answer for as long as Redis answers anything. The client's own timeout of the command ends the wait too.</summary>
    /// <exception cref="TimeoutException">Redis has been silent for two seconds.</exception>
    public async Task WaitAsync(Task answer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var began = time.GetTimestamp();
            try
            {
                await answer.WaitAsync(Timeout, time, cancellationToken);
                MarkAlive();
                return;
            }
            catch (TimeoutException) when (!answer.IsFaulted && (answer.IsCompleted || MayStillAnswer(began)))
            {
                // The answer has just come, or it waits behind others.
            }
        }
    }

    /// <inheritdoc cref="WaitAsync(Task, CancellationToken)"/>
    public async Task<T> WaitAsync<T>(Task<T> answer, CancellationToken cancellationToken = default)
    {
        await WaitAsync((Task)answer, cancellationToken);
        return await answer;
    }

    /// <summary>A timer that fired late was delayed by this process, which may have delayed the answer too.</summary>
    private bool MayStillAnswer(long began) =>
        time.GetElapsedTime(Volatile.Read(ref _last)) < Timeout || time.GetElapsedTime(began) > Timeout * 1.5;
}
