namespace BlazorChat.Channels.Layer;

/// <summary>The name of an event on the wire: lower case, words joined by dots.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class EventNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
