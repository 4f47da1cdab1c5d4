namespace BlazorChat.Channels.Layer;

/// <summary>
/// Declares that a consumer handles events of one type. A consumer gets only the types that it declares, so other nodes can call no other
/// method of it. Django Channels finds the handler by the name of the event instead.
/// </summary>
/// <typeparam name="TEvent">An event with an <see cref="EventNameAttribute"/>, or <see cref="EventGap"/>.</typeparam>
/// <example>
/// <code>
/// internal sealed class BellConsumer(Action&lt;string&gt; rung) : CircuitConsumer, IHandle&lt;BellRung&gt;
/// {
///     protected override IEnumerable&lt;string&gt; Groups => ["bell"];
///
///     public ValueTask HandleAsync(BellRung message, CancellationToken cancellationToken)
///     {
///         rung(message.By);
///         return ValueTask.CompletedTask;
///     }
/// }
/// </code>
/// </example>
public interface IHandle<in TEvent>
{
    /// <summary>
    /// Handles one event. The consumer's calls never overlap; they come in the order of each publisher, on any thread. What it
    /// throws is logged, and the next event is handled.
    /// </summary>
    /// <param name="message">Shared by all consumers of this node: do not change it.</param>
    /// <param name="cancellationToken">Cancelled when the consumer begins to disconnect. Disconnecting waits five seconds for the handler.</param>
    ValueTask HandleAsync(TEvent message, CancellationToken cancellationToken);
}
