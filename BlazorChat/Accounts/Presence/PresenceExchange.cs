using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Accounts.Presence;

/// <summary>
/// Publishes the people of this node to the others once a second, when they change, and calls the subscribers of the directory. A heartbeat names the
/// version of this node, so that others ask for the whole list when they missed a change.
/// </summary>
internal sealed partial class PresenceExchange(
    PresenceDirectory presence, NodeConnector consumers, IChannelLayer layer, TimeProvider time, ILogger<PresenceExchange> logger)
    : BackgroundService
{
    /// <summary>The time from one exchange to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(5);

    /// <summary>The most people in one event.</summary>
    private const int BatchSize = 2_000;

    private readonly string _node = Guid.NewGuid().ToString("N");
    private readonly HashSet<string> _lacking = [];
    private readonly Lock _gate = new();
    private long _version;
    private long? _heartbeatAt;
    private bool _isWanted;
    private bool _lacksAll = true;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await PublishAsync(new PresenceLeft(_node));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var consumer = new PresenceConsumer(_node, presence.Elsewhere, AddLacking, () => SetWanted(true), OnGap);
        await consumers.ConnectAsync(consumer, stoppingToken);
        using var subscription = layer.OnStateChanged(OnStateChanged);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await ExchangeAsync();
            }
            catch (Exception exception)
            {
                LogFailed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ExchangeAsync()
    {
        var changes = presence.Here.Refresh();
        foreach (var batch in changes.Chunk(BatchSize))
            await PublishAsync(new PresenceChanged(_node, ++_version, batch));
        foreach (var change in changes)
            presence.MarkChanged(change.Id);
        await AskAsync();
        if (ResetWanted())
            await PublishListAsync();
        if (_heartbeatAt is not { } at || time.GetElapsedTime(at) >= HeartbeatInterval)
        {
            _heartbeatAt = time.GetTimestamp();
            await PublishAsync(new PresenceAlive(_node, _version));
        }

        if (layer.State == LayerState.Connected)
            presence.Elsewhere.RemoveSilent();
        presence.Notify();
    }

    private async Task AskAsync()
    {
        PresenceWanted wanted;
        lock (_gate)
        {
            if (layer.State == LayerState.Degraded || (!_lacksAll && _lacking.Count == 0))
                return;
            wanted = new PresenceWanted(_lacksAll ? null : [.. _lacking]);
            _lacking.Clear();
            _lacksAll = false;
        }

        await PublishAsync(wanted);
    }

    private async Task PublishListAsync()
    {
        var people = presence.Here.List();
        PersonPresence[][] parts = people.Count == 0 ? [[]] : [.. people.Chunk(BatchSize)];
        for (var i = 0; i < parts.Length; i++)
        {
            await PublishAsync(new PresenceListed(_node, _version, i == 0, i == parts.Length - 1, parts[i]));
        }
    }

    /// <summary>
    /// Publishes an event, unless the layer is degraded: then each would count as lost, and all nodes would read again what they show. The version of
    /// the next heartbeat shows others what they lack.
    /// </summary>
    private ValueTask PublishAsync<TEvent>(TEvent message)
        where TEvent : notnull =>
        layer.State == LayerState.Connected ? layer.PublishAsync(PresenceGroups.All, message, CancellationToken.None) : ValueTask.CompletedTask;

    private void AddLacking(string node)
    {
        lock (_gate)
            _lacking.Add(node);
    }

    private void OnGap()
    {
        lock (_gate)
            _lacksAll = true;
    }

    private void OnStateChanged(LayerState state)
    {
        if (state == LayerState.Connected)
            presence.Elsewhere.Renew();
        presence.MarkAllChanged();
        OnGap();
    }

    private void SetWanted(bool isWanted)
    {
        lock (_gate)
            _isWanted = isWanted;
    }

    private bool ResetWanted()
    {
        lock (_gate)
        {
            var isWanted = _isWanted;
            _isWanted = false;
            return isWanted;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The presence of people could not be exchanged")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
