using BlazorChat.Channels.Layer;
using BlazorChat.Common;

namespace BlazorChat.Channels.Consumers;

/// <summary>
/// Compares what this node holds in memory with the database when events may be missing: on request, after each change of the layer's state,
/// and at an interval while the layer is degraded. A comparison that fails is logged and repeated after that interval. One loop compares, on a
/// thread of the pool; it ends when the app stops.
/// </summary>
/// <param name="layer">Its state decides which interval applies.</param>
/// <param name="time">The clock of the pause after a failure.</param>
/// <param name="logger">Where failures are logged.</param>
/// <example>
/// <code>
/// internal sealed class BoardWatch(BoardCache boards, NodeConnector nodes, IChannelLayer layer, TimeProvider time, ILogger&lt;BoardWatch&gt; logger)
///     : ResyncService(layer, time, logger)
/// {
///     protected override async Task ExecuteAsync(CancellationToken stoppingToken)
///     {
///         await using var consumer = new BoardConsumer(boards.Remove, gap: RequestResync);
///         await nodes.ConnectAsync(consumer, stoppingToken);
///         await base.ExecuteAsync(stoppingToken);
///     }
///
///     protected override Task ResyncAsync(CancellationToken cancellationToken) => boards.ReloadAsync(cancellationToken);
/// }
/// </code>
/// </example>
internal abstract class ResyncService(IChannelLayer layer, TimeProvider time, ILogger logger) : BackgroundService
{
    private readonly Signal _requested = new();

    protected TimeProvider Time { get; } = time;

    /// <summary>The pause between comparisons while the layer is degraded, and after a failure: one second.</summary>
    protected virtual TimeSpan DegradedInterval => TimeSpan.FromSeconds(1);

    /// <summary>The pause between comparisons while the layer is connected; infinite unless overridden.</summary>
    protected virtual TimeSpan ConnectedInterval => Timeout.InfiniteTimeSpan;

    protected bool IsDegraded => layer.State == LayerState.Degraded;

    /// <summary>Requests a comparison. Requests before it begins count as one. Any thread may call it.</summary>
    protected virtual void RequestResync() => _requested.Set();

    /// <summary>Reads the database and applies what differs. Calls never overlap. What it throws is logged, and the call is repeated.</summary>
    /// <param name="cancellationToken">Cancelled when the app stops.</param>
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
