using BlazorChat.Common;

namespace BlazorChat.Liveblogs.Editing;

/// <summary>Publishes drafts when their time has come. Every node does it; the database lets each draft be published once.</summary>
internal sealed partial class LiveblogSchedule(LiveblogDrafts drafts, TimeProvider time, ILogger<LiveblogSchedule> logger) : BackgroundService
{
    /// <summary>How late a node may learn of what was scheduled on another one.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = LongestPause;
            try
            {
                if (await drafts.PublishDueAsync(stoppingToken) is { } next)
                    pause = next - time.GetUtcNow();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (DiskFull.Is(exception))
            {
                // The log has a line on it, and drafts that are due are found again.
            }
            catch (Exception exception)
            {
                LogFailed(logger, exception);
            }

            pause = TimeSpan.FromTicks(Math.Clamp(pause.Ticks, ShortestPause.Ticks, LongestPause.Ticks));
            await drafts.WaitAsync(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Drafts whose time has come could not be published; it is tried again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
