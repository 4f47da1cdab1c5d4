namespace BlazorChat.Channels.Layer;

/// <summary>
/// Gives an event its name on the wire: lower-case words joined by dots. Nodes of different versions recognise an event by this name,
/// as Django Channels does by the key <c>type</c> of a message. Names are unique in an app.
/// </summary>
/// <example>
/// <code>
/// [EventName("bell.rung")]
/// public sealed record BellRung(string By);
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class EventNameAttribute(string name) : Attribute
{
    /// <summary>The name, as it is sent.</summary>
    public string Name { get; } = name;
}
