using System.Globalization;
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
/// internal sealed class LobbyConsumer(IChannelLayer layer) : WebSocketConsumer, IHandle&lt;LobbyMessage&gt;
/// {
///     protected override IEnumerable&lt;string&gt; Groups => ["lobby"];
///
///     protected override async ValueTask ReceiveTextAsync(string text, CancellationToken cancellationToken) =>
///         await layer.PublishAsync("lobby", new LobbyMessage(text), CancellationToken.None);
///
///     public ValueTask HandleAsync(LobbyMessage message, CancellationToken cancellationToken)
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

    private readonly SemaphoreSlim _handlerLock = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private ChannelLayer _layer = default!;
    private ConsumerMemberships _memberships = default!;
    private Mailbox _mailbox = default!;
    private CultureInfo _culture = CultureInfo.CurrentCulture;
    private CultureInfo _language = CultureInfo.CurrentUICulture;
    private int _closed;
    private bool _isConnected;

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
            if (!IsClosed)
                await work(_closing.Token);
        }
        finally
        {
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
        if (!IsClosed)
            await _memberships.JoinAsync(group, cancellationToken);
    }

    /// <summary>
    /// Leaves a group, as <c>group_discard</c> does. No event of it is handled after this returns; a handler that calls this finishes its own
    /// event. Waits up to five seconds for a running handler.
    /// </summary>
    protected async ValueTask LeaveAsync(string group, CancellationToken cancellationToken = default)
    {
        if (await _memberships.LeaveAsync(group, cancellationToken))
            await WaitForHandlerAsync();
    }

    /// <summary>Joins the groups, then handles events until the consumer is disposed.</summary>
    internal async ValueTask ConnectAsync(ConsumerScope scope, ChannelLayer layer, CancellationToken cancellationToken)
    {
        await JoinGroupsAsync(scope, layer, cancellationToken);
        await StartAsync(cancellationToken);
    }

    /// <summary>Joins the groups. Events wait until <see cref="StartAsync"/>.</summary>
    internal async ValueTask JoinGroupsAsync(ConsumerScope scope, ChannelLayer layer, CancellationToken cancellationToken)
    {
        Scope = scope;
        _memberships = new ConsumerMemberships(this, layer);
        _mailbox = new Mailbox(this, layer);
        _layer = layer;
        (_culture, _language) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        ChannelName = layer.Register(this);
        try
        {
            foreach (var group in Groups)
                await JoinAsync(group, cancellationToken);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Handles events until the consumer is disposed. Called once, after the groups are joined.</summary>
    internal async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A caller that is cancelled never gets the consumer, so it could not dispose it.
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(IsClosed, this);
            _isConnected = true;
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
        if (_mailbox.Add(new Delivery(type, message, membership)))
            StartPump();
    }

    void IMailbox.SignalGap()
    {
        if (_mailbox.AddGap())
            StartPump();
    }

    private void StartPump() => ThreadPool.UnsafeQueueUserWorkItem(consumer => _ = consumer.PumpAsync(), this, preferLocal: false);

    /// <summary>Handles the events in the mailbox, then ends. The next event starts it again.</summary>
    private async Task PumpAsync()
    {
        Handling.Value = this;
        // The connection's, not those of the publisher: handlers render texts.
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (_culture, _language);
        try
        {
            while (_mailbox.TryTake(out var delivery))
                await HandleAsync(delivery);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async ValueTask HandleAsync(Delivery delivery)
    {
        await _handlerLock.WaitAsync(_closing.Token);
        try
        {
            if (IsClosed || delivery.Membership is { IsCurrent: false })
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
        _mailbox.Close();
        await _memberships.DisposeAsync();
        _layer.Unregister(this);
        await WaitForHandlerAsync();
        if (!_isConnected)
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
}
