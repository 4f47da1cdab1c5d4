using BlazorChat.Channels.Layer;

namespace BlazorChat.Channels.Consumers;

/// <summary>
/// A consumer that belongs to the node itself, not to a visitor: <see cref="NodeConnector"/> connects it. Derived classes handle events; the
/// compiler refuses a class that handles both the gap and an event of a type parameter, which might be the gap.
/// </summary>
internal abstract class NodeConsumer(Action gap) : Consumer, IHandle<EventGap>
{
    public ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken)
    {
        gap();
        return ValueTask.CompletedTask;
    }
}
