namespace BlazorChat.Channels.Consumers;

/// <summary>
/// A consumer that lives in a Blazor circuit: a component connects it by <see cref="CircuitConnector"/> and disposes it with itself. Handlers
/// run on any thread, so a handler changes a component only within the component's <c>InvokeAsync</c>.
/// </summary>
/// <example>
/// <code>
/// internal sealed class BellConsumer(Func&lt;BellRung, Task&gt; rung) : CircuitConsumer, IHandle&lt;BellRung&gt;
/// {
///     protected override IEnumerable&lt;string&gt; Groups => ["bell"];
///
///     public async ValueTask HandleAsync(BellRung message, CancellationToken cancellationToken) => await rung(message);
/// }
///
/// // In a component, with @inject CircuitConnector Consumers
/// protected override async Task OnAfterRenderAsync(bool firstRender)
/// {
///     if (firstRender)
///         _consumer = await Consumers.ConnectAsync(new BellConsumer(rung => InvokeAsync(() => Show(rung))));
/// }
/// </code>
/// </example>
public abstract class CircuitConsumer : Consumer;
