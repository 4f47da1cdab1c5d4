using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace BlazorChat.Channels.Redis;

/// <summary>
/// Carries envelopes over Redis's publish and subscribe: one subscription per group and node, sharded when the server is a
/// cluster. Redis keeps nothing of it, so after every interruption each node signals a gap to its own consumers; a node whose
/// envelopes were lost asks the others to do the same; and when a node falls silent the others do so by themselves.
/// </summary>
internal sealed class RedisBackplane(
    RedisConnection redis, IOptions<ChannelOptions> options, ChannelMetrics metrics, TimeProvider time, ILogger<RedisBackplane> logger)
    : BackgroundService, IBackplane
{
    /// <summary>The channel on which nodes speak of themselves: a word, a space, the node. No group can have this name.</summary>
    private const string NodesChannel = "!nodes";

    private const string Alive = "alive";
    private const string Leaving = "leaving";
    private const string Lost = "lost";

    private const int MaxInFlight = 256;

    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, ChannelMessageQueue?> _groups = new(StringComparer.Ordinal);
    private readonly HashSet<string> _wanted = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _subscribing = new(1, 1);
    private readonly SemaphoreSlim _interrupted = new(0, 1);
    private readonly Channel<Outgoing> _outgoing = System.Threading.Channels.Channel.CreateBounded<Outgoing>(
        new BoundedChannelOptions(options.Value.BackplaneCapacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly NodePresence _others = new(time);
    private readonly string _node = Guid.NewGuid().ToString("N");
    private IBackplaneListener _listener = default!;
    private ConnectionMultiplexer? _connection;
    private ISubscriber? _subscriber;
    private ChannelMessageQueue? _nodesQueue;
    private Task _sending = Task.CompletedTask;
    private bool _isCluster;
    private int _lost;
    private volatile int _state = (int)LayerState.Degraded;

    public LayerState State => (LayerState)_state;

    public void Start(IBackplaneListener listener) => _listener = listener;

    public void Publish(string group, byte[] envelope)
    {
        if (State == LayerState.Connected && _outgoing.Writer.TryWrite(new Outgoing(group, envelope)))
            return;
        _lost = 1;
        metrics.Dropped("backplane");
    }

    public Task SubscribeAsync(string group)
    {
        lock (_wanted)
            _wanted.Add(group);
        return ReconcileAsync(group);
    }

    public Task UnsubscribeAsync(string group)
    {
        lock (_wanted)
            _wanted.Remove(group);
        return ReconcileAsync(group);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _sending = SendAsync(stoppingToken);
        await Task.WhenAll(WatchAsync(stoppingToken), _sending);
    }

    /// <summary>What was published before is still sent, and the others are told that this node leaves in order.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _outgoing.Writer.TryComplete();
        try
        {
            await _sending.WaitAsync(Patience, time, cancellationToken);
            if (State == LayerState.Connected)
                await TellAsync(_lost == 0 ? Leaving : Lost, cancellationToken);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            ChannelLog.RedisAttemptFailed(logger, exception);
        }

        await base.StopAsync(cancellationToken);
    }

    /// <summary>Makes the subscription of one group what is wanted now, which may have changed while waiting for the turn.</summary>
    private async Task ReconcileAsync(string group)
    {
        if (State == LayerState.Degraded)
            return;
        if (!await _subscribing.WaitAsync(Patience))
        {
            Interrupt();
            return;
        }

        try
        {
            bool wanted;
            lock (_wanted)
                wanted = _wanted.Contains(group);
            if (wanted && !_groups.ContainsKey(group))
                _groups[group] = await ListenAsync(group).WaitAsync(Patience, time);
            else if (!wanted && _groups.TryRemove(group, out var queue) && queue is not null)
                await queue.UnsubscribeAsync().WaitAsync(Patience, time);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            ChannelLog.RedisAttemptFailed(logger, exception);
            Interrupt();
        }
        finally
        {
            _subscribing.Release();
        }
    }

    /// <summary>Looks at the connection every second, and at once when it says that it broke.</summary>
    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        var degradedSince = time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (State == LayerState.Degraded)
                {
                    await RestoreAsync(stoppingToken);
                    metrics.Degraded(time.GetElapsedTime(degradedSince));
                }

                // Nodes that lost the same Redis must not all come back in the same instant.
                var pause = CheckInterval * (0.75 + Random.Shared.NextDouble() / 2);
                var interrupted = await _interrupted.WaitAsync(pause, stoppingToken);
                if (!interrupted)
                    await _subscriber!.PingAsync().WaitAsync(CheckInterval, time, stoppingToken);
                else if (State == LayerState.Connected)
                    throw new TimeoutException("The connection was interrupted.");
                await TellAsync(Alive, stoppingToken);
                if (Volatile.Read(ref _lost) == 1)
                    await TellLossAsync(stoppingToken);
                if (_others.ForgetSilent())
                    _listener.SignalGap();
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
            {
                ChannelLog.RedisAttemptFailed(logger, exception);
                if (State == LayerState.Connected)
                {
                    degradedSince = time.GetTimestamp();
                    ChannelLog.RedisLost(logger);
                    Change(LayerState.Degraded);
                }
                else
                {
                    await Task.Delay(CheckInterval * (0.25 + Random.Shared.NextDouble() / 2), time, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Subscribes every group anew, then says that something may have been missed meanwhile.</summary>
    private async Task RestoreAsync(CancellationToken stoppingToken)
    {
        await ConnectAsync(stoppingToken);
        await _subscriber!.PingAsync().WaitAsync(CheckInterval, time, stoppingToken);
        // Known only of a server that has answered; a guess would leave this node on channels that no other node uses.
        _isCluster = _connection!.GetServers().Any(server => server.ServerType == ServerType.Cluster);
        await _subscribing.WaitAsync(stoppingToken);
        string[] wanted;
        try
        {
            while (_interrupted.Wait(0, stoppingToken))
            {
                // What broke before now is mended now.
            }

            _others.Clear();
            if (_nodesQueue is not null)
                await _nodesQueue.UnsubscribeAsync().WaitAsync(Patience, time, stoppingToken);
            _nodesQueue = await _subscriber.SubscribeAsync(Channel(NodesChannel)).WaitAsync(Patience, time, stoppingToken);
            _nodesQueue.OnMessage(message => Hear(message.Message.ToString()));
            await TellAsync(Alive, stoppingToken);

            foreach (var (group, queue) in _groups)
            {
                if (queue is not null)
                    await queue.UnsubscribeAsync().WaitAsync(Patience, time, stoppingToken);
                _groups.TryRemove(group, out _);
            }

            lock (_wanted)
                wanted = [.. _wanted];
            foreach (var group in wanted)
                _groups[group] = await ListenAsync(group).WaitAsync(Patience, time, stoppingToken);
            _listener.SignalGap();
            Change(LayerState.Connected);
            // A group that was joined after the list was taken saw the degraded state and did not subscribe.
            lock (_wanted)
                wanted = [.. _wanted.Except(wanted)];
        }
        finally
        {
            _subscribing.Release();
        }

        ChannelLog.RedisConnected(logger);
        if (wanted.Length == 0)
            return;
        foreach (var group in wanted)
            await ReconcileAsync(group);
        _listener.SignalGap();
    }

    private async Task ConnectAsync(CancellationToken stoppingToken)
    {
        if (_connection is not null)
            return;
        var connection = await redis.GetAsync(stoppingToken);
        connection.ConnectionFailed += (_, failure) =>
        {
            // A connection that was never there breaks nothing; a cluster's client tries addresses that nobody serves.
            if (failure.FailureType != ConnectionFailureType.UnableToConnect)
                Interrupt();
        };
        _connection = connection;
        _subscriber = connection.GetSubscriber();
    }

    /// <summary>Hands envelopes to Redis in order, without waiting for each answer.</summary>
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
                    await Task.WhenAll(inFlight).WaitAsync(Patience, time, stoppingToken);
                }
                catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
                {
                    ChannelLog.RedisAttemptFailed(logger, exception);
                    metrics.Dropped("backplane", inFlight.Count(task => !task.IsCompletedSuccessfully));
                    Volatile.Write(ref _lost, 1);
                    Interrupt();
                }

                inFlight.Clear();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task TellAsync(string word, CancellationToken cancellationToken) =>
        await _subscriber!.PublishAsync(Channel(NodesChannel), $"{word} {_node}").WaitAsync(CheckInterval, time, cancellationToken);

    private async Task TellLossAsync(CancellationToken stoppingToken)
    {
        Volatile.Write(ref _lost, 0);
        try
        {
            await TellAsync(Lost, stoppingToken);
        }
        catch
        {
            Volatile.Write(ref _lost, 1);
            throw;
        }
    }

    private void Hear(string message)
    {
        if (message.Split(' ') is not [var word, var node])
            return;
        switch (word)
        {
            case Alive when node != _node:
                _others.Heard(node);
                break;
            case Leaving:
                _others.Left(node);
                break;
            case Lost:
                _listener.SignalGap();
                break;
        }
    }

    private async Task<ChannelMessageQueue> ListenAsync(string group)
    {
        var queue = await _subscriber!.SubscribeAsync(Channel(group));
        queue.OnMessage(message => _listener.Receive(group, (byte[])message.Message!));
        return queue;
    }

    private RedisChannel Channel(string group)
    {
        var name = $"{options.Value.Prefix}:{group}";
        return _isCluster ? RedisChannel.Sharded(name) : RedisChannel.Literal(name);
    }

    private void Interrupt()
    {
        try
        {
            _interrupted.Release();
        }
        catch (SemaphoreFullException)
        {
            // Said already.
        }
    }

    private void Change(LayerState state)
    {
        _state = (int)state;
        _listener.ChangeState(state);
    }

    private readonly record struct Outgoing(string Group, byte[] Envelope);
}
