using System.Collections.Concurrent;
using BlazorChat.Channels.Layer.Envelopes;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using Microsoft.Extensions.Options;

namespace BlazorChat.Channels.Layer;

/// <summary>
/// The channel layer of one node. It holds the members of each group and delivers to them; the backplane carries bytes between nodes.
/// Members of this node get an event in the call that publishes it, members of other nodes in the call of the backplane that receives it.
/// </summary>
internal sealed class ChannelLayer : IChannelLayer, IBackplaneListener
{
    /// <summary>The largest encoded event, in bytes.</summary>
    public const int MaxEventLength = 1024 * 1024;

    private readonly ConcurrentDictionary<string, LayerGroup> _groups = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IMailbox> _consumers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<object, Action<LayerState>> _stateCallbacks = new();
    private readonly EventRegistry _events;
    private readonly IBackplane _backplane;
    private readonly IJobSender _jobs;
    private readonly LayerSigner? _signer;
    private readonly OncePerMinute _forged;
    private readonly Guid _node = Guid.NewGuid();
    private readonly string _nodeGroup;
    private long _lastConsumer;

    public ChannelLayer(
        EventRegistry events,
        IBackplane backplane,
        IJobSender jobs,
        ChannelMetrics metrics,
        IOptions<ChannelOptions> options,
        TimeProvider time,
        ILogger<ChannelLayer> logger,
        LayerSigner? signer = null)
    {
        _signer = signer;
        _forged = new OncePerMinute(time);
        _events = events;
        _backplane = backplane;
        _jobs = jobs;
        Metrics = metrics;
        MailboxCapacity = options.Value.MailboxCapacity;
        Logger = logger;
        _nodeGroup = NodeGroup(_node.ToString("N"));
        backplane.Start(this);
        _ = backplane.SubscribeAsync(_nodeGroup);
    }

    public LayerState State => _backplane.State;

    public ChannelMetrics Metrics { get; }

    public int MailboxCapacity { get; }

    public ILogger Logger { get; }

    public ValueTask PublishAsync<TEvent>(string group, TEvent message, CancellationToken cancellationToken = default)
        where TEvent : notnull
    {
        GroupName.Check(group);
        cancellationToken.ThrowIfCancellationRequested();
        var type = _events.Get<TEvent>();
        var payload = Encode(type, message);
        Metrics.Published();
        Deliver(group, type, message);
        _backplane.Publish(group, new Envelope(_node, group, type.Name, "", payload).Encode(_signer));
        return ValueTask.CompletedTask;
    }

    public ValueTask SendAsync<TEvent>(string channelName, TEvent message, CancellationToken cancellationToken = default)
        where TEvent : notnull
    {
        GroupName.Check(channelName);
        cancellationToken.ThrowIfCancellationRequested();
        var type = _events.Get<TEvent>();
        var payload = Encode(type, message);
        if (_jobs.TrySendAsync(channelName, type, message, payload, cancellationToken) is { } stored)
            return new ValueTask(stored);
        Metrics.Published();
        var node = channelName.Split('.', 2)[0];
        if (NodeGroup(node) == _nodeGroup)
            _consumers.GetValueOrDefault(channelName)?.Post(type, message, null);
        else
            _backplane.Publish(NodeGroup(node), new Envelope(_node, NodeGroup(node), type.Name, channelName, payload).Encode(_signer));
        return ValueTask.CompletedTask;
    }

    public IDisposable OnStateChanged(Action<LayerState> changed)
    {
        var key = new object();
        _stateCallbacks[key] = SiteLanguages.Bind(changed);
        return new OnDispose(() => _stateCallbacks.TryRemove(key, out _));
    }

    /// <summary>Registers a consumer, so that <see cref="SendAsync"/> reaches it.</summary>
    /// <returns>Its channel name, which is unique among all nodes.</returns>
    public string Register(IMailbox consumer)
    {
        var name = $"{_node:N}.{Interlocked.Increment(ref _lastConsumer)}";
        _consumers[name] = consumer;
        return name;
    }

    public void Unregister(IMailbox consumer) => _consumers.TryRemove(consumer.ChannelName, out _);

    public async Task JoinAsync(GroupMembership membership, CancellationToken cancellationToken)
    {
        Task subscribed;
        while (!_groups.GetOrAdd(membership.Group, name => new LayerGroup(name, _backplane, RemoveEnded, Logger)).TryAdd(membership, out subscribed))
        {
            // The group ended between the look-up and the join: the next turn creates a new one.
        }

        await subscribed.WaitAsync(cancellationToken);
    }

    public void Leave(GroupMembership membership)
    {
        if (_groups.TryGetValue(membership.Group, out var group))
            group.Remove(membership);
    }

    public void Receive(string group, ReadOnlyMemory<byte> envelope)
    {
        try
        {
            if (Envelope.ReadNode(envelope.Span) == _node)
                return;
            if (_signer is not null && !Envelope.IsSigned(envelope.Span, _signer))
            {
                DropForged(group);
                return;
            }

            var (_, signedGroup, eventName, target, payload) = Envelope.Decode(envelope);
            if (signedGroup != group)
            {
                DropForged(group);
                return;
            }

            if (_events.Find(eventName) is not { } type)
            {
                Metrics.Dropped("unknown event");
                ChannelLog.UnknownEvent(Logger, eventName);
                return;
            }

            var message = type.Decode(payload.Span) ?? throw new FormatException("The event is null.");
            if (target.Length > 0)
                _consumers.GetValueOrDefault(target)?.Post(type, message, null);
            else
                Deliver(group, type, message);
        }
        catch (Exception exception)
        {
            // A payload that cannot be read must not stop the ones after it.
            Metrics.Dropped("bad payload");
            ChannelLog.BadPayload(Logger, exception, group);
        }
    }

    private void DropForged(string group)
    {
        Metrics.Dropped("bad signature");
        if (_forged.TryCount(out var count))
            ChannelLog.Forged(Logger, count, group);
    }

    public void ChangeState(LayerState state)
    {
        foreach (var changed in _stateCallbacks.Values)
        {
            try
            {
                changed(state);
            }
            catch (Exception exception)
            {
                ChannelLog.StateCallbackFailed(Logger, exception);
            }
        }
    }

    public void SignalGap()
    {
        foreach (var consumer in _consumers.Values)
            consumer.SignalGap();
    }

    private static string NodeGroup(string node) => $"node.{node}";

    private static byte[] Encode<TEvent>(EventType<TEvent> type, TEvent message)
        where TEvent : notnull
    {
        var payload = type.Encode(message);
        return payload.Length <= MaxEventLength ? payload : throw new EventTooLargeException(type.Name, payload.Length);
    }

    private void RemoveEnded(LayerGroup group) => _groups.TryRemove(new KeyValuePair<string, LayerGroup>(group.Name, group));

    private void Deliver(string group, EventType type, object message)
    {
        if (!_groups.TryGetValue(group, out var found))
            return;
        foreach (var membership in found.Members)
            membership.Mailbox.Post(type, message, membership);
    }
}
