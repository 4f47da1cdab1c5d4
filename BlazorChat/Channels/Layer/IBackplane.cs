namespace BlazorChat.Channels.Layer;

/// <summary>
/// Carries envelopes between nodes, and nothing else: the layer holds members, orders events on its own node and encodes them. Any thread
/// may call it. No call throws because the other side is unreachable; the backplane is then <see cref="LayerState.Degraded"/>. What Django
/// Channels calls the backend of a channel layer.
/// </summary>
internal interface IBackplane
{
    /// <summary>Whether envelopes reach the other nodes. Safe to read from any thread.</summary>
    LayerState State { get; }

    /// <summary>Sets the receiver of envelopes. The layer calls it once, before anything else.</summary>
    void Start(IBackplaneListener listener);

    /// <summary>
    /// Enqueues an envelope for the other nodes and returns at once. Envelopes leave in the order of the calls. When the backplane is
    /// degraded or its queue is full the envelope is dropped, and the other nodes get a gap later.
    /// </summary>
    void Publish(string group, byte[] envelope);

    /// <summary>
    /// Subscribes this node to a group. Completes when envelopes of the group arrive. While the backplane is degraded it completes at once;
    /// the subscription is made when the connection is back.
    /// </summary>
    Task SubscribeAsync(string group);

    /// <summary>Ends the subscription to a group, in the same way.</summary>
    Task UnsubscribeAsync(string group);
}

/// <summary>What a backplane calls; the channel layer implements it.</summary>
internal interface IBackplaneListener
{
    /// <summary>Receives an envelope of any node, this one included. Called in order within a group, on a thread of the backplane. Does not block or throw.</summary>
    void Receive(string group, ReadOnlyMemory<byte> envelope);

    /// <summary>Called after each change of <see cref="IBackplane.State"/>.</summary>
    void ChangeState(LayerState state);

    /// <summary>Called when envelopes may have been lost: each consumer of this node gets an <see cref="EventGap"/>.</summary>
    void SignalGap();
}
