using BlazorChat.Channels.Layer;

namespace BlazorChat.Channels.Consumers;

/// <summary>
/// One connection's receiver of events. It joins its <see cref="Groups"/> when it connects, takes the events that it declares
/// by <see cref="IHandle{TEvent}"/> one at a time from a bounded mailbox of its own, and leaves every group on every way out.
/// </summary>
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
    // From the first event to the last one that waits; what comes before the consumer is connected waits for that.
    private bool _isPumping = true;
    private int _gap;
    private int _closed;
    private int _connected;

    /// <summary>The connection; set before <see cref="Groups"/> is read.</summary>
    public ConsumerScope Scope { get; private set; } = default!;

    /// <summary>The name by which <see cref="IChannelLayer.SendAsync"/> reaches this consumer alone.</summary>
    public string ChannelName { get; private set; } = "";

    /// <summary>The groups joined on connecting.</summary>
    protected virtual IEnumerable<string> Groups => [];

    /// <summary>Cancelled as soon as the consumer begins to disconnect, for what it runs beside its handlers.</summary>
    protected CancellationToken Disconnecting => _closing.Token;

    internal void UseScope(ConsumerScope scope) => Scope = scope;

    /// <summary>Runs something beside the events, but never at the same time as one of them.</summary>
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

    /// <summary>Called once, after the groups are joined and before the first event is handled.</summary>
    protected virtual ValueTask OnConnectedAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Called once on every way out, after the groups are left, if <see cref="OnConnectedAsync"/> was called.</summary>
    protected virtual ValueTask OnDisconnectedAsync() => ValueTask.CompletedTask;

    /// <summary>Joins a group; joining twice is joining once. Events published anywhere after this returns arrive.</summary>
    /// <exception cref="GroupNameException">The name is no group name.</exception>
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

    /// <summary>Leaves a group; nothing of it is handled after this returns.</summary>
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

    /// <summary>Connects: joins the groups, then handles what arrives until the consumer is disposed.</summary>
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
            // Whoever asked may be gone by now, and would never dispose what it has not got.
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
        // All that filled it may have been handled meanwhile, and nobody would be left to tell.
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

    /// <summary>Handles what waits. A consumer for which nothing waits has nothing that runs.</summary>
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
                    // A mailbox that never runs empty must not keep its consumer from being told.
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

    /// <summary>Returns when no handler runs, unless it is the handler itself that asks.</summary>
    private async ValueTask WaitForHandlerAsync()
    {
        if (Handling.Value == this)
            return;
        if (await _handlerLock.WaitAsync(HandlerTimeout))
            _handlerLock.Release();
        else
            ChannelLog.HandlerStuck(_layer.Logger, Name);
    }

    /// <summary>Disconnects; nothing is handled after this returns. Disposing twice, or from inside a handler, is harmless.</summary>
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
