using BlazorChat.Channels.Layer;

namespace BlazorChat.Channels.Consumers;

/// <summary>
/// A consumer that belongs to the node itself, not to a visitor: <see cref="NodeConnector"/> connects it. Derived classes handle events; the
/// compiler refuses a class that handles both the gap and an event of a type parameter, which might be the gap.
/// </summary>
/// <param name="gap">Called instead of events that may be missing, on the thread of the mailbox; it must not block.</param>
/// <example>
/// <code>
/// internal sealed class BoardConsumer(Action&lt;int&gt; changed, Action gap) : NodeConsumer(gap), IHandle&lt;BoardChanged&gt;
/// {
///     protected override IEnumerable&lt;string&gt; Groups => ["boards"];
///
///     public ValueTask HandleAsync(BoardChanged message, CancellationToken cancellationToken)
///     {
///         changed(message.BoardId);
///         return ValueTask.CompletedTask;
///     }
/// }
/// </code>
/// </example>
internal abstract class NodeConsumer(Action gap) : Consumer, IHandle<EventGap>
{
    public ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken)
    {
        gap();
        return ValueTask.CompletedTask;
    }
}
