namespace BlazorChat.Channels.Layer;

public enum LayerState
{
    /// <summary>Events reach every node.</summary>
    Connected,

    /// <summary>Events reach this node only; when that is over, every consumer is told by a <see cref="EventGap"/>.</summary>
    Degraded,
}
