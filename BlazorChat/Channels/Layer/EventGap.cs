namespace BlazorChat.Channels.Layer;

/// <summary>
/// Told to a consumer that may have missed events: its mailbox overflowed, or the node was cut off from the others. What the
/// consumer shows must be read again from where it is kept. Never sent over the wire.
/// </summary>
public sealed record EventGap;
