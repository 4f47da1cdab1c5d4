namespace BlazorChat.Channels.Consumers;

/// <summary>
/// A consumer that lives in a Blazor circuit. Its handlers run outside of the renderer: what they change on a page goes
/// through the component's <c>InvokeAsync</c>.
/// </summary>
public abstract class CircuitConsumer : Consumer;
