namespace BlazorChat.Channels.Layer;

/// <summary>
/// Carries bytes between nodes, and nothing else: members, order on the own node and encoding are the layer's. No call
/// throws because the other side is gone.
/// </summary>
internal interface IBackplane
{
    LayerState State { get; }

    /// <summary>Says where to deliver; called once, before anything else.</summary>
    void Start(IBackplaneListener listener);

    /// <summary>Hands over an envelope for the other nodes, in the order of the calls. Never blocks.</summary>
    void Publish(string group, byte[] envelope);

    /// <summary>Returns when envelopes for the group arrive, or at once when the backplane is degraded: then they will, later.</summary>
    Task SubscribeAsync(string group);

    Task UnsubscribeAsync(string group);
}

internal interface IBackplaneListener
{
    /// <summary>An envelope of any node, this one included. Called in order within a group; must not block.</summary>
    void Receive(string group, ReadOnlyMemory<byte> envelope);

    void ChangeState(LayerState state);

    /// <summary>Envelopes may have been lost on the way.</summary>
    void SignalGap();
}
