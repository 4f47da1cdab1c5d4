using System.Threading.Channels;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace BlazorChat.Channels.Layer.Redis;

/// <summary>
/// The backplane over Redis's publish and subscribe: one subscription per group and node, sharded when the server is a cluster. Redis
/// stores no envelopes. After every interruption each node signals a gap to its own consumers; a node that lost envelopes asks the others
/// to do the same; and when a node falls silent, the others signal a gap by themselves.
/// </summary>
internal sealed class RedisBackplane : BackgroundService, IBackplane
{
    /// <summary>The channel of announcements, each a word, a space and the id of the node. No group can have this name.</summary>
    private const string NodesChannel = "!nodes";

    private const string Alive = "alive";
    private const string Leaving = "leaving";
    private const string Lost = "lost";

    private const int MaxInFlight = 256;

    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>The delay after a refusal, which lasts until an administrator of Redis changes something.</summary>
    private static readonly TimeSpan RefusalRetryDelay = TimeSpan.FromSeconds(5);

    private readonly RedisConnection _redis;
    private readonly RedisStatus _status;
    private readonly ChannelOptions _options;
    private readonly ChannelMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisBackplane> _logger;
    private readonly RedisLiveness _liveness;
    private readonly RedisSubscriptions _subscriptions;
    private readonly SemaphoreSlim _interrupted = new(0, 1);
    private readonly Channel<Outgoing> _outgoing;
    private readonly NodePresence _others;
    private readonly string _node = Guid.NewGuid().ToString("N");
    private IBackplaneListener _listener = default!;
    private ConnectionMultiplexer? _connection;
    private ISubscriber? _subscriber;
    private Task _sending = Task.CompletedTask;
    private bool _isCluster;
    private int _lost;
    private volatile Exception? _failure;
    private volatile int _state = (int)LayerState.Degraded;

    public RedisBackplane(
        RedisConnection redis,
        RedisStatus status,
        IOptions<ChannelOptions> options,
        ChannelMetrics metrics,
        TimeProvider time,
        ILogger<RedisBackplane> logger)
    {
        _redis = redis;
        _status = status;
        _options = options.Value;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _liveness = new RedisLiveness(time);
        _subscriptions = new RedisSubscriptions(_liveness, Channel, (group, envelope) => _listener.Receive(group, envelope));
        _outgoing = System.Threading.Channels.Channel.CreateBounded<Outgoing>(
            new BoundedChannelOptions(_options.BackplaneCapacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
        _others = new NodePresence(time);
    }

    public LayerState State => (LayerState)_state;

    public void Start(IBackplaneListener listener) => _listener = listener;

    public void Publish(string group, byte[] envelope)
    {
        if (State == LayerState.Connected && _outgoing.Writer.TryWrite(new Outgoing(group, envelope)))
            return;
        _lost = 1;
        _metrics.Dropped("backplane");
    }

    public Task SubscribeAsync(string group)
    {
        _subscriptions.MarkWanted(group);
        return ReconcileAsync(group);
    }

    public Task UnsubscribeAsync(string group)
    {
        _subscriptions.MarkUnwanted(group);
        return ReconcileAsync(group);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _sending = SendAsync(stoppingToken);
        await Task.WhenAll(WatchAsync(stoppingToken), _sending);
    }

    /// <summary>Sends what was published before, then announces that this node leaves: each within two seconds.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _outgoing.Writer.TryComplete();
        try
        {
            await _sending.WaitAsync(Timeout, _time, cancellationToken);
            if (State == LayerState.Connected)
                await AnnounceAsync(_lost == 0 ? Leaving : Lost, cancellationToken);
        }
        catch (Exception exception) when (IsFailure(exception) || exception is OperationCanceledException)
        {
            ChannelLog.RedisAttemptFailed(_logger, exception);
        }

        await base.StopAsync(cancellationToken);
    }

    private async Task ReconcileAsync(string group)
    {
        if (State == LayerState.Degraded)
            return;
        try
        {
            await _subscriptions.ReconcileAsync(group);
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            ChannelLog.RedisAttemptFailed(_logger, exception);
            Interrupt(exception);
        }
    }

    /// <summary>Checks the connection every second, and at once when it reports that it broke.</summary>
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

                await WatchOnceAsync(stoppingToken);
            }
            catch (Exception exception) when (IsFailure(exception))
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

                if (problem.IsRefusal)
                    await Task.Delay(Jittered(RefusalRetryDelay), _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                else if (!wasConnected)
                    await Task.Delay(Jittered(CheckInterval / 2), _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task WatchOnceAsync(CancellationToken stoppingToken)
    {
        // The jitter keeps nodes that lost the same Redis from reconnecting in the same instant.
        var interrupted = await _interrupted.WaitAsync(Jittered(CheckInterval), stoppingToken);
        if (interrupted && State == LayerState.Connected)
            throw _failure ?? new TimeoutException("The connection was interrupted.");
        await _liveness.WaitAsync(_subscriber!.PingAsync(), Timeout, stoppingToken);
        await AnnounceAsync(Alive, stoppingToken);
        if (Volatile.Read(ref _lost) == 1)
            await AnnounceLossAsync(stoppingToken);
        if (await _subscriptions.CheckAsync() is > 0 and var missing)
        {
            ChannelLog.Resubscribed(_logger, missing);
            _listener.SignalGap();
        }

        if (_others.RemoveSilent())
            _listener.SignalGap();
    }

    /// <summary>Subscribes every group again, then signals a gap for what was missed meanwhile.</summary>
    private async Task RestoreAsync(CancellationToken stoppingToken)
    {
        await ConnectAsync(stoppingToken);
        await _liveness.WaitAsync(_subscriber!.PingAsync(), Timeout, stoppingToken);
        await _redis.CheckIdentityAsync(stoppingToken);
        // Only a server that has answered is known to be a cluster or not. A wrong guess would put this node on channels that no other node uses.
        _isCluster = _connection!.GetServers().Any(server => server.ServerType == ServerType.Cluster);
        while (_interrupted.Wait(0, stoppingToken))
        {
            // These interruptions are older than the connection that has just answered.
        }

        _others.Clear();
        await _liveness.WaitAsync(_subscriber.UnsubscribeAsync(Channel(NodesChannel)), Timeout, stoppingToken);
        var nodes = await _liveness.WaitAsync(_subscriber.SubscribeAsync(Channel(NodesChannel)), Timeout, stoppingToken);
        nodes.OnMessage(message => HandleAnnouncement(message.Message.ToString()));
        await AnnounceAsync(Alive, stoppingToken);

        await _subscriptions.RestoreAsync(_subscriber);
        _listener.SignalGap();
        Change(LayerState.Connected);
        _failure = null;
        _status.Works(RedisUse.Events);
        ChannelLog.RedisConnected(_logger);
        // A group that was joined or left after RestoreAsync listed the groups and before the state changed was reconciled by neither.
        if (await _subscriptions.ReconcileAllAsync() > 0)
            _listener.SignalGap();
    }

    private async Task ConnectAsync(CancellationToken stoppingToken)
    {
        if (_connection is not null)
            return;
        var connection = await _redis.GetAsync(stoppingToken);
        connection.ConnectionFailed += (_, failure) =>
        {
            // A failed attempt to connect interrupts nothing: the client of a cluster also tries addresses that no server listens on.
            if (failure.FailureType != ConnectionFailureType.UnableToConnect)
                Interrupt();
        };
        _connection = connection;
        _subscriber = connection.GetSubscriber();
    }

    /// <summary>Publishes envelopes in order, up to 256 of them before it waits for their answers.</summary>
    private async Task SendAsync(CancellationToken stoppingToken)
    {
        var inFlight = new List<Task>(MaxInFlight);
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync(stoppingToken))
            {
                while (inFlight.Count < MaxInFlight && _outgoing.Reader.TryRead(out var next))
                    inFlight.Add(_subscriber!.PublishAsync(Channel(next.Group), next.Envelope));
                try
                {
                    await _liveness.WaitAsync(Task.WhenAll(inFlight), Timeout, stoppingToken);
                }
                catch (Exception exception) when (IsFailure(exception))
                {
                    ChannelLog.RedisAttemptFailed(_logger, exception);
                    _metrics.Dropped("backplane", inFlight.Count(task => !task.IsCompletedSuccessfully));
                    Volatile.Write(ref _lost, 1);
                    Interrupt(exception);
                }

                inFlight.Clear();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task AnnounceAsync(string word, CancellationToken cancellationToken) =>
        await _liveness.WaitAsync(_subscriber!.PublishAsync(Channel(NodesChannel), $"{word} {_node}"), Timeout, cancellationToken);

    private async Task AnnounceLossAsync(CancellationToken stoppingToken)
    {
        Volatile.Write(ref _lost, 0);
        try
        {
            await AnnounceAsync(Lost, stoppingToken);
        }
        catch
        {
            Volatile.Write(ref _lost, 1);
            throw;
        }
    }

    private void HandleAnnouncement(string message)
    {
        if (message.Split(' ') is not [var word, var node])
            return;
        switch (word)
        {
            case Alive when node != _node:
                _others.MarkAlive(node);
                break;
            case Leaving:
                _others.Remove(node);
                break;
            case Lost:
                _listener.SignalGap();
                break;
        }
    }

    private RedisChannel Channel(string group)
    {
        var name = $"{_options.Prefix}:{group}";
        return _isCluster ? RedisChannel.Sharded(name) : RedisChannel.Literal(name);
    }

    private static bool IsFailure(Exception exception) =>
        exception is RedisException or RedisIdentityException or TimeoutException or ObjectDisposedException;

    private static TimeSpan Jittered(TimeSpan pause) => pause * (0.75 + Random.Shared.NextDouble() / 2);

    /// <param name="failure">The exception to log and report; null when the connection broke.</param>
    private void Interrupt(Exception? failure = null)
    {
        _failure = failure;
        try
        {
            _interrupted.Release();
        }
        catch (SemaphoreFullException)
        {
            // An interruption is already signalled.
        }
    }

    private void Change(LayerState state)
    {
        _state = (int)state;
        _listener.ChangeState(state);
    }

    private readonly record struct Outgoing(string Group, byte[] Envelope);
}
