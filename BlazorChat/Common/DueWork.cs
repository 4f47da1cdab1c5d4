namespace BlazorChat.Common;

/// <summary>
/// Does what is due at a time that is stored: at once for what this node has stored, and after at most five seconds for what another one has. Every node
/// runs it, so the database must let each thing be done once. A failure is logged, and tried again.
/// </summary>
internal abstract partial class DueWork(Signal added, TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>The delay after which a node finds what another one has stored.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    protected TimeProvider Time { get; } = time;

    /// <summary>Set when this node has stored something that is due later.</summary>
    protected Signal Added { get; } = added;

    /// <summary>Does what is due.</summary>
    /// <returns>When the next thing is; null for none.</returns>
    protected abstract Task<DateTimeOffset?> DoDueAsync(CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = LongestPause;
            try
            {
                if (await DoDueAsync(stoppingToken) is { } next)
                    pause = next - Time.GetUtcNow();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (DiskFull.Is(exception))
            {
                // The disk guard logs it, and the next round finds the same.
            }
            catch (Exception exception)
            {
                LogFailed(logger, exception);
            }

            pause = TimeSpan.FromTicks(Math.Clamp(pause.Ticks, ShortestPause.Ticks, LongestPause.Ticks));
            await Added.WaitAsync(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "What is due could not be done; it is retried")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
