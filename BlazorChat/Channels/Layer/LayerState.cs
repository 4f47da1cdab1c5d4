namespace BlazorChat.Channels.Layer;

/// <summary>Whether the channel layer reaches the other nodes.</summary>
public enum LayerState
{
    /// <summary>Events reach every node.</summary>
    Connected,

    /// <summary>Events reach this node only. When the backplane is back, every consumer gets an <see cref="EventGap"/>.</summary>
    Degraded,
}
