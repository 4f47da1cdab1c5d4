using BlazorChat.Channels.Layer;

namespace BlazorChat.Channels.Consumers;

/// <summary>
/// The receiver of events for one connection, after Django Channels' <c>AsyncConsumer</c>. It joins its <see cref="Groups"/> when it
/// connects, handles the events that it declares by <see cref="IHandle{TEvent}"/> one at a time, from a bounded mailbox of its own, and leaves
/// every group when it is disposed, whatever ends the connection. Derive from <see cref="CircuitConsumer"/>,
/// <see cref="WebSockets.WebSocketConsumer"/>, <see cref="WebSockets.JsonWebSocketConsumer{TCommand}"/> or
/// <see cref="EventStreams.EventStreamConsumer"/>.
/// </summary>
/// <remarks>
/// The mailbox holds <see cref="ChannelOptions.MailboxCapacity"/> events. Beyond that this consumer alone loses events, and gets one
/// <see cref="EventGap"/>. Nothing runs for a consumer whose mailbox is empty.
/// </remarks>
/// <example>
/// <code>
/// internal sealed class LobbyConsumer(IChannelLayer layer) : WebSocketConsumer, IHandle&lt;LobbySaid&gt;
/// {
///     protected override IEnumerable&lt;string&gt; Groups => ["lobby"];
///
///     protected override async ValueTask ReceiveTextAsync(string text, CancellationToken cancellationToken) =>
///         await layer.PublishAsync("lobby", new LobbySaid(text), cancellationToken);
///
///     public ValueTask HandleAsync(LobbySaid message, CancellationToken cancellationToken)
///     {
///         SendText(message.Text);
///         return ValueTask.CompletedTask;
///     }
/// }
/// </code>
/// </example>
public abstract class Consumer : IAsyncDisposable, IMailbox
{
    private static readonly TimeSpan HandlerTimeout = TimeSpan.FromSeconds(5);

    private static readonly AsyncLocal<Consumer?> Handling = new();

    private readonly Dictionary<string, GroupMembership> _memberships = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _membershipLock = new(1, 1);
    private readonly SemaphoreSlim _handlerLock = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private readonly Queue<Delivery> _mailbox = [];
    private ChannelLayer _layer = default!;
    private int _capacity;
    // True while a pump runs, and until the consumer is connected: events that arrive earlier wait for that.
    private bool _isPumping = true;
    private int _gap;
    private int _closed;
    private int _connected;

    /// <summary>The connection: its user, address and services. Set before <see cref="Groups"/> is read.</summary>
    public ConsumerScope Scope { get; private set; } = default!;

    /// <summary>The name by which <see cref="IChannelLayer.SendAsync"/> reaches this consumer alone, on any node. Empty until the consumer connects.</summary>
    public string ChannelName { get; private set; } = "";

    /// <summary>The groups that the consumer joins when it connects. Read once. Django Channels' <c>groups</c>.</summary>
    protected virtual IEnumerable<string> Groups => [];

    /// <summary>Cancelled as soon as the consumer begins to disconnect, for tasks that it runs beside its handlers.</summary>
    protected CancellationToken Disconnecting => _closing.Token;

    internal void UseScope(ConsumerScope scope) => Scope = scope;

    /// <summary>Runs work that must not overlap with a handler. It is not run after the consumer has closed.</summary>
    internal async ValueTask RunExclusiveAsync(Func<CancellationToken, ValueTask> work)
    {
        await _handlerLock.WaitAsync(_closing.Token);
        Handling.Value = this;
        try
        {
            if (_closed == 0)
                await work(_closing.Token);
        }
        finally
        {
            Handling.Value = null;
            _handlerLock.Release();
        }
    }

    internal bool IsClosed => _closed != 0;

    private string Name => GetType().Name;

    /// <summary>
    /// Called once, after the groups are joined and before the first event is handled. Events that are published meanwhile wait. When it
    /// throws, the consumer is disposed and the connection ends.
    /// </summary>
    protected virtual ValueTask OnConnectedAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// Called once when the consumer is disposed, after the groups are left, if <see cref="OnConnectedAsync"/> was called. What it throws is
    /// logged. Django Channels' <c>disconnect</c>.
    /// </summary>
    protected virtual ValueTask OnDisconnectedAsync() => ValueTask.CompletedTask;

    /// <summary>
    /// Joins a group, as <c>group_add</c> does. Events that are published on any node after this returns arrive. Joining a group twice, or after
    /// the consumer has closed, changes nothing. While the layer is degraded, events of other nodes arrive when it is connected again.
    /// </summary>
    /// <exception cref="GroupNameException">The group's name breaks the rule.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the group is not joined.</exception>
    protected async ValueTask JoinAsync(string group, CancellationToken cancellationToken = default)
    {
        GroupName.Check(group);
        await _membershipLock.WaitAsync(cancellationToken);
        try
        {
            if (_closed != 0 || _memberships.ContainsKey(group))
                return;
            var membership = new GroupMembership(group, this);
            _memberships.Add(group, membership);
            try
            {
                await _layer.JoinAsync(membership, cancellationToken);
            }
            catch
            {
                End(membership);
                _memberships.Remove(group);
                throw;
            }
        }
        finally
        {
            _membershipLock.Release();
        }
    }

    /// <summary>
    /// Leaves a group, as <c>group_discard</c> does. No event of it is handled after this returns; a handler that calls this finishes its own
    /// event. Waits up to five seconds for a running handler.
    /// </summary>
    protected async ValueTask LeaveAsync(string group, CancellationToken cancellationToken = default)
    {
        await _membershipLock.WaitAsync(cancellationToken);
        try
        {
            if (!_memberships.Remove(group, out var membership))
                return;
            End(membership);
        }
        finally
        {
            _membershipLock.Release();
        }

        await WaitForHandlerAsync();
    }

    /// <summary>Joins the groups, then handles events until the consumer is disposed.</summary>
    internal async ValueTask ConnectAsync(ConsumerScope scope, ChannelLayer layer, CancellationToken cancellationToken)
    {
        Scope = scope;
        _layer = layer;
        _capacity = layer.MailboxCapacity;
        ChannelName = layer.Register(this);
        try
        {
            foreach (var group in Groups)
                await JoinAsync(group, cancellationToken);
            // A caller that is cancelled never gets the consumer, so it could not dispose it.
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(IsClosed, this);
            _connected = 1;
            await OnConnectedAsync(cancellationToken);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }

        _ = PumpAsync();
    }

    void IMailbox.Post(EventType type, object message, GroupMembership? membership)
    {
        if (!type.IsHandledBy(this))
            return;
        bool isAccepted, mustStart;
        lock (_mailbox)
        {
            isAccepted = _closed == 0 && _mailbox.Count < _capacity;
            if (isAccepted)
                _mailbox.Enqueue(new Delivery(type, message, membership));
            mustStart = isAccepted && !_isPumping;
            _isPumping |= mustStart;
        }

        if (isAccepted)
        {
            _layer.Metrics.Waiting(1);
            if (mustStart)
                StartPump();
            return;
        }

        if (_closed != 0)
            return;
        _layer.Metrics.Dropped("mailbox full");
        if (Interlocked.Exchange(ref _gap, 1) != 0)
            return;
        ChannelLog.MailboxFull(_layer.Logger, Name);
        // The pump may have emptied the mailbox and stopped meanwhile: this starts it again for the gap.
        SignalGap();
    }

    void IMailbox.SignalGap() => SignalGap();

    private void SignalGap()
    {
        lock (_mailbox)
        {
            _gap = 1;
            if (_isPumping || _closed != 0)
                return;
            _isPumping = true;
        }

        StartPump();
    }

    private void End(GroupMembership membership)
    {
        membership.End();
        _layer.Leave(membership);
    }

    private void StartPump() => ThreadPool.UnsafeQueueUserWorkItem(consumer => _ = consumer.PumpAsync(), this, preferLocal: false);

    /// <summary>Handles the events in the mailbox, then ends. The next event starts it again.</summary>
    private async Task PumpAsync()
    {
        Handling.Value = this;
        var sinceGap = 0;
        try
        {
            while (TryContinue())
            {
                while (TryDequeue(out var delivery))
                {
                    _layer.Metrics.Waiting(-1);
                    await HandleAsync(delivery);
                    // A mailbox that never runs empty must not postpone the gap for ever.
                    sinceGap = Volatile.Read(ref _gap) == 0 ? 0 : sinceGap + 1;
                    if (sinceGap > _capacity)
                        await HandleGapAsync();
                }

                await HandleGapAsync();
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private bool TryContinue()
    {
        lock (_mailbox)
            return _isPumping = _mailbox.Count > 0 || _gap != 0;
    }

    private bool TryDequeue(out Delivery delivery)
    {
        lock (_mailbox)
            return _mailbox.TryDequeue(out delivery);
    }

    private async ValueTask HandleGapAsync()
    {
        if (Interlocked.Exchange(ref _gap, 0) == 0 || !LocalEventTypes.Gap.IsHandledBy(this))
            return;
        _layer.Metrics.GapDelivered();
        await HandleAsync(new Delivery(LocalEventTypes.Gap, new EventGap(), null));
    }

    private async ValueTask HandleAsync(Delivery delivery)
    {
        await _handlerLock.WaitAsync(_closing.Token);
        try
        {
            if (_closed != 0 || delivery.Membership is { IsCurrent: false })
                return;
            await delivery.Type.DispatchAsync(this, delivery.Message, _closing.Token);
            _layer.Metrics.Delivered();
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Disposed while handling.
        }
        catch (Exception exception)
        {
            _layer.Metrics.Dropped("handler failed");
            ChannelLog.HandlerFailed(_layer.Logger, exception, Name, delivery.Type.Name);
        }
        finally
        {
            _handlerLock.Release();
        }
    }

    /// <summary>Waits for the running handler, up to five seconds; returns at once when the handler itself is the caller.</summary>
    private async ValueTask WaitForHandlerAsync()
    {
        if (Handling.Value == this)
            return;
        if (await _handlerLock.WaitAsync(HandlerTimeout))
            _handlerLock.Release();
        else
            ChannelLog.HandlerStuck(_layer.Logger, Name);
    }

    /// <summary>
    /// Disconnects the consumer: leaves its groups and waits up to five seconds for the running handler. No event is handled after this
    /// returns. It may be called twice, and from a handler.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        GC.SuppressFinalize(this);
        if (_layer is null)
            return;

        await _closing.CancelAsync();
        await _membershipLock.WaitAsync(CancellationToken.None);
        try
        {
            foreach (var membership in _memberships.Values)
                End(membership);
            _memberships.Clear();
        }
        finally
        {
            _membershipLock.Release();
        }

        _layer.Unregister(this);
        await WaitForHandlerAsync();
        while (TryDequeue(out _))
            _layer.Metrics.Waiting(-1);
        if (_connected == 0)
            return;
        try
        {
            await OnDisconnectedAsync();
        }
        catch (Exception exception)
        {
            ChannelLog.DisconnectFailed(_layer.Logger, exception, Name);
        }
    }

    private readonly record struct Delivery(EventType Type, object Message, GroupMembership? Membership);
}
