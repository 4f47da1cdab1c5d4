using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace BlazorChat.Channels.Layer;

/// <summary>One type of event: its name on the wire, its encoding, and its dispatch to the handler of a consumer.</summary>
internal abstract class EventType(string name)
{
    public string Name { get; } = name;

    public abstract Type Type { get; }

    public abstract object? Decode(ReadOnlySpan<byte> json);

    public abstract bool IsHandledBy(IMailbox consumer);

    public abstract ValueTask DispatchAsync(IMailbox consumer, object message, CancellationToken cancellationToken);
}

internal sealed class EventType<TEvent>(string name, JsonTypeInfo<TEvent>? json) : EventType(name)
    where TEvent : notnull
{
    public override Type Type => typeof(TEvent);

    public byte[] Encode(TEvent message) => JsonSerializer.SerializeToUtf8Bytes(message, json!);

    public override object? Decode(ReadOnlySpan<byte> text) => JsonSerializer.Deserialize(text, json!);

    public override bool IsHandledBy(IMailbox consumer) => consumer is IHandle<TEvent>;

    public override ValueTask DispatchAsync(IMailbox consumer, object message, CancellationToken cancellationToken) =>
        ((IHandle<TEvent>)consumer).HandleAsync((TEvent)message, cancellationToken);
}

/// <summary>Events that never leave the node.</summary>
internal static class LocalEventTypes
{
    public static readonly EventType Gap = new EventType<EventGap>("gap", null);
}
