using BlazorChat.Common;

namespace BlazorChat.Liveblogs.Editing;

/// <summary>Publishes scheduled drafts. Every node runs it; the database lets each draft be published once.</summary>
internal sealed partial class LiveblogSchedule(DraftPublisher publisher, TimeProvider time, ILogger<LiveblogSchedule> logger) : BackgroundService
{
    /// <summary>The delay after which a node finds a draft that was scheduled on another node.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = LongestPause;
            try
            {
                if (await publisher.PublishDueAsync(stoppingToken) is { } next)
                    pause = next - time.GetUtcNow();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (DiskFull.Is(exception))
            {
                // The disk guard logs it, and the next round finds the same drafts.
            }
            catch (Exception exception)
            {
                LogFailed(logger, exception);
            }

            pause = TimeSpan.FromTicks(Math.Clamp(pause.Ticks, ShortestPause.Ticks, LongestPause.Ticks));
            await publisher.Scheduled.WaitAsync(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Scheduled drafts could not be published; it is retried")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
