namespace BlazorChat.Channels.Layer;

/// <summary>The receiver of the events of one consumer.</summary>
internal interface IMailbox
{
    /// <summary>The name that <see cref="ChannelLayer.Register"/> returned.</summary>
    string ChannelName { get; }

    /// <summary>Enqueues an event and returns at once. Events of types that the consumer does not handle are ignored.</summary>
    /// <param name="membership">The membership of the group that the event was published to; null for an event that was sent to this consumer alone.</param>
    void Post(EventType type, object message, GroupMembership? membership);

    /// <summary>Enqueues an <see cref="EventGap"/>. Several calls before the consumer handles it count once.</summary>
    void SignalGap();
}
