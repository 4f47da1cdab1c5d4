using BlazorChat.Channels.Layer;

namespace BlazorChat.Channels.Consumers;

/// <summary>An event in a mailbox.</summary>
/// <param name="Membership">The membership of the group that the event was published to; null for an event that was sent to this consumer alone.</param>
internal readonly record struct Delivery(EventType Type, object Message, GroupMembership? Membership);

/// <summary>
/// The events that wait for one consumer, at most <see cref="ChannelOptions.MailboxCapacity"/>. When more come they are lost, and the consumer
/// gets one <see cref="EventGap"/> after those that wait. One pump at a time dequeues the events, and ends when there are none. Thread-safe.
/// </summary>
internal sealed class Mailbox(IMailbox consumer, ChannelLayer layer)
{
    private static readonly Delivery Gap = new(LocalEventTypes.Gap, new EventGap(), null);

    private readonly Queue<Delivery> _deliveries = [];
    // True while a pump runs, and until the consumer is connected: events that arrive earlier wait for that.
    private bool _isPumping = true;
    private bool _isClosed;
    private bool _hasGap;
    private int _sinceGap;

    /// <summary>Adds an event, if the consumer handles its type.</summary>
    /// <returns>True when the caller must start a pump.</returns>
    public bool Add(Delivery delivery)
    {
        if (!delivery.Type.IsHandledBy(consumer))
            return false;
        bool isAccepted, isFirstLoss, mustPump;
        lock (_deliveries)
        {
            if (_isClosed)
                return false;
            isAccepted = _deliveries.Count < layer.MailboxCapacity;
            isFirstLoss = !isAccepted && !_hasGap;
            if (isAccepted)
                _deliveries.Enqueue(delivery);
            else
                _hasGap = true;
            mustPump = MustPump();
        }

        if (isAccepted)
            layer.Metrics.Waiting(1);
        else
            layer.Metrics.Dropped("mailbox full");
        if (isFirstLoss)
            ChannelLog.MailboxFull(layer.Logger, consumer.GetType().Name);
        return mustPump;
    }

    /// <summary>Adds a gap; several before the consumer gets it count as one.</summary>
    /// <inheritdoc cref="Add"/>
    public bool AddGap()
    {
        lock (_deliveries)
        {
            _hasGap = !_isClosed;
            return _hasGap && MustPump();
        }
    }

    /// <summary>For the pump: dequeues the next event. False when the pump must end.</summary>
    public bool TryTake(out Delivery delivery)
    {
        lock (_deliveries)
        {
            // A mailbox that never runs empty must not postpone the gap for ever.
            var isGap = _hasGap && (_deliveries.Count == 0 || ++_sinceGap > layer.MailboxCapacity);
            if (isGap)
                (_hasGap, _sinceGap) = (false, 0);
            if (isGap && Gap.Type.IsHandledBy(consumer))
                delivery = Gap;
            else if (!_deliveries.TryDequeue(out delivery))
                return _isPumping = false;
        }

        if (delivery.Type == Gap.Type)
            layer.Metrics.GapDelivered();
        else
            layer.Metrics.Waiting(-1);
        return true;
    }

    /// <summary>Removes all events. Those that come later are ignored.</summary>
    public void Close()
    {
        int removed;
        lock (_deliveries)
        {
            _isClosed = true;
            _hasGap = false;
            removed = _deliveries.Count;
            _deliveries.Clear();
        }

        layer.Metrics.Waiting(-removed);
    }

    private bool MustPump()
    {
        if (_isPumping)
            return false;
        return _isPumping = true;
    }
}
