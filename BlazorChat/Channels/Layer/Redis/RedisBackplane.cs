using BlazorChat.Common;
using Microsoft.Extensions.Options;

namespace BlazorChat.Channels.Layer.Redis;

/// <summary>
/// The backplane over Redis's publish and subscribe: one subscription per group and node. Redis stores no envelopes. After every interruption
/// each node signals a gap to its own consumers; a node that lost envelopes asks the others to do the same; and when a node falls silent, the
/// others signal a gap by themselves.
/// </summary>
internal sealed class RedisBackplane : BackgroundService, IBackplane
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The delay after a refusal, which lasts until an administrator of Redis changes something.</summary>
    private static readonly TimeSpan RefusalRetryDelay = TimeSpan.FromSeconds(5);

    private readonly RedisStatus _status;
    private readonly ChannelMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisBackplane> _logger;
    private readonly RedisPubSub _redis;
    private readonly RedisSubscriptions _subscriptions;
    private readonly RedisPublisher _publisher;
    private readonly NodePresence _nodes;
    private readonly Signal _interrupted = new();
    private IBackplaneListener _listener = default!;
    private volatile Exception? _interruption;
    private volatile LayerState _state = LayerState.Degraded;

    public RedisBackplane(
        RedisConnection redis,
        RedisStatus status,
        IOptions<ChannelOptions> options,
        ChannelMetrics metrics,
        TimeProvider time,
        ILogger<RedisBackplane> logger)
    {
        _status = status;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _redis = new RedisPubSub(
            redis, new RedisLiveness(time), options.Value.Prefix, () => Interrupt(new TimeoutException("The connection was interrupted.")));
        _subscriptions = new RedisSubscriptions(_redis, (group, envelope) => _listener.Receive(group, envelope));
        _publisher = new RedisPublisher(_redis, options.Value.BackplaneCapacity, metrics, Interrupt);
        _nodes = new NodePresence(_redis, time, () => _listener.SignalGap());
    }

    public LayerState State => _state;

    public void Start(IBackplaneListener listener) => _listener = listener;

    public void Publish(string group, byte[] envelope)
    {
        if (State == LayerState.Connected)
            _publisher.Publish(group, envelope);
        else
            _publisher.Lose(1);
    }

    public Task SubscribeAsync(string group) => ChangeAsync(group, isWanted: true);

    public Task UnsubscribeAsync(string group) => ChangeAsync(group, isWanted: false);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_publisher.RunAsync(stoppingToken), WatchAsync(stoppingToken));

    /// <summary>Sends what was published before, then announces that this node leaves: each within two seconds.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _publisher.CompleteAsync().WaitAsync(StopTimeout, _time, cancellationToken);
            if (State == LayerState.Connected)
                await _nodes.LeaveAsync(_publisher.Lost, cancellationToken);
        }
        catch (Exception exception) when (RedisProblem.IsFailure(exception) || exception is OperationCanceledException)
        {
            ChannelLog.RedisAttemptFailed(_logger, exception);
        }

        await base.StopAsync(cancellationToken);
    }

    private async Task ChangeAsync(string group, bool isWanted)
    {
        _subscriptions.Want(group, isWanted);
        if (State == LayerState.Degraded)
            return;
        try
        {
            await _subscriptions.ReconcileAsync(group);
        }
        catch (Exception exception) when (RedisProblem.IsFailure(exception))
        {
            Interrupt(exception);
        }
    }

    /// <summary>Checks the connection every second, and at once when it is interrupted.</summary>
    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        var degradedSince = _time.GetTimestamp();
        var isLossLogged = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (State == LayerState.Degraded)
                {
                    await RestoreAsync(stoppingToken);
                    _metrics.Degraded(_time.GetElapsedTime(degradedSince));
                    isLossLogged = false;
                }

                // The jitter keeps nodes that lost the same Redis from reconnecting in the same instant.
                await _interrupted.WaitAsync(Jittered(CheckInterval), stoppingToken);
                await CheckAsync(stoppingToken);
            }
            catch (Exception exception) when (RedisProblem.IsFailure(exception))
            {
                ChannelLog.RedisAttemptFailed(_logger, exception);
                var problem = _status.Failed(RedisUse.Events, exception);
                if (!isLossLogged && !problem.IsRefusal)
                    ChannelLog.RedisLost(_logger);
                isLossLogged = true;
                var wasConnected = State == LayerState.Connected;
                if (wasConnected)
                {
                    degradedSince = _time.GetTimestamp();
                    Change(LayerState.Degraded);
                }

                var delay = problem.IsRefusal ? RefusalRetryDelay : wasConnected ? TimeSpan.Zero : CheckInterval / 2;
                await Task.Delay(Jittered(delay), _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task CheckAsync(CancellationToken stoppingToken)
    {
        if (_interruption is { } interruption)
            throw interruption;
        await _redis.PingAsync(stoppingToken);
        await _nodes.AnnounceAsync(_publisher.Lost, stoppingToken);
        if (await _subscriptions.CheckAsync() is > 0 and var missing)
        {
            ChannelLog.Resubscribed(_logger, missing);
            _listener.SignalGap();
        }

        if (_nodes.RemoveSilent())
            _listener.SignalGap();
    }

    /// <summary>Subscribes every group again, then signals a gap for what was missed meanwhile.</summary>
    private async Task RestoreAsync(CancellationToken stoppingToken)
    {
        await _redis.ConnectAsync(stoppingToken);
        // An interruption until now is older than the connection that has just answered.
        _interruption = null;
        await _nodes.RestoreAsync(stoppingToken);
        await _subscriptions.RestoreAsync();
        _listener.SignalGap();
        Change(LayerState.Connected);
        _status.Works(RedisUse.Events);
        ChannelLog.RedisConnected(_logger);
        // A group that was joined or left after RestoreAsync listed the groups and before the state changed was reconciled by neither.
        if (await _subscriptions.ReconcileAllAsync() > 0)
            _listener.SignalGap();
    }

    private static TimeSpan Jittered(TimeSpan delay) => delay * (0.75 + Random.Shared.NextDouble() / 2);

    private void Interrupt(Exception exception)
    {
        _interruption = exception;
        _interrupted.Set();
    }

    private void Change(LayerState state)
    {
        _state = state;
        _listener.ChangeState(state);
    }
}
