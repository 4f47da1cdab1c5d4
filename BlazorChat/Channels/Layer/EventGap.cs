namespace BlazorChat.Channels.Layer;

/// <summary>
/// The event that a consumer gets when it may have missed others: its mailbox was full, or the node was cut off from other nodes. A
/// consumer that handles it reads again, from the database, what it shows. Several gaps before it is handled are delivered as one. It is
/// never sent over the wire, and it cannot be published.
/// </summary>
/// <example>
/// <code>
/// internal sealed class RoomListConsumer(Func&lt;Task&gt; reload) : CircuitConsumer, IHandle&lt;RoomChanged&gt;, IHandle&lt;EventGap&gt;
/// {
///     public async ValueTask HandleAsync(RoomChanged message, CancellationToken cancellationToken) => await reload();
///
///     public async ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken) => await reload();
/// }
/// </code>
/// </example>
public sealed record EventGap;
