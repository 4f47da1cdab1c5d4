namespace BlazorChat.Channels.Layer;

/// <summary>Receives what the layer delivers to one consumer.</summary>
internal interface IMailbox
{
    /// <summary>The name that <see cref="ChannelLayer.Register"/> returned.</summary>
    string ChannelName { get; }

    /// <summary>Puts an event into the mailbox; never blocks.</summary>
    /// <param name="membership">The membership by which the event arrives; null when it is sent to this consumer alone.</param>
    void Post(EventType type, object message, GroupMembership? membership);

    /// <summary>Lets the consumer know that it may have missed events; several calls before it handles that count once.</summary>
    void SignalGap();
}
