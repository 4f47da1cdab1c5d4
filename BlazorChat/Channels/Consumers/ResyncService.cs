using BlazorChat.Channels.Layer;
using BlazorChat.Common;

namespace BlazorChat.Channels.Consumers;

/// <summary>
/// Compares what this node holds in memory with the database when events may be missing: on request, after each change of the layer's state,
/// and at an interval while the layer is degraded. A comparison that fails is logged and repeated after that interval.
/// </summary>
internal abstract class ResyncService(IChannelLayer layer, TimeProvider time, ILogger logger) : BackgroundService
{
    private readonly Signal _requested = new();

    protected TimeProvider Time { get; } = time;

    protected virtual TimeSpan DegradedInterval => TimeSpan.FromSeconds(1);

    protected virtual TimeSpan ConnectedInterval => Timeout.InfiniteTimeSpan;

    protected bool IsDegraded => layer.State == LayerState.Degraded;

    /// <summary>Requests a comparison. Requests before it begins count as one. Any thread may call it.</summary>
    protected virtual void RequestResync() => _requested.Set();

    /// <summary>Reads the database and applies what differs. Calls never overlap.</summary>
    protected abstract Task ResyncAsync(CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = layer.OnStateChanged(_ => RequestResync());
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _requested.WaitAsync(IsDegraded ? DegradedInterval : ConnectedInterval, stoppingToken);
                await ResyncAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                ChannelLog.ResyncFailed(logger, exception);
                await Task.Delay(DegradedInterval, Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                RequestResync();
            }
        }
    }
}
