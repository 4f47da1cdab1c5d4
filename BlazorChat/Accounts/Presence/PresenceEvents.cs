using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Accounts.Presence;

/// <summary>A person as one node knows them.</summary>
/// <param name="State">Offline in a change means that the person is no longer connected there.</param>
/// <param name="Rooms">The rooms in windows that have the focus; null for none.</param>
public sealed record PersonPresence(
    int Id, PresenceState State, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? Rooms = null)
{
    /// <summary>The threads in windows that have the focus; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<WatchedThread>? Threads { get; init; }

    internal bool IsSameAs(PersonPresence? other) =>
        other is not null && other.State == State && (Rooms ?? []).SequenceEqual(other.Rooms ?? []) && (Threads ?? []).SequenceEqual(other.Threads ?? []);
}

/// <summary>A thread that a window shows beside its room.</summary>
/// <param name="Root">The sequence of its first message.</param>
public readonly record struct WatchedThread(int RoomId, long Root);

/// <summary>People of a node have another state.</summary>
/// <param name="Node">The id of the publishing node, new with each start.</param>
/// <param name="Version">Counts the changes of the node: one more than that of its previous change.</param>
[EventName("presence.changed")]
public sealed record PresenceChanged(string Node, long Version, IReadOnlyList<PersonPresence> People);

/// <summary>A part of everybody who is connected to a node, at one of its versions.</summary>
[EventName("presence.listed")]
public sealed record PresenceListed(string Node, long Version, bool IsFirst, bool IsLast, IReadOnlyList<PersonPresence> People);

/// <summary>The node is alive. A receiver that has another version of it lacks changes.</summary>
[EventName("presence.alive")]
public sealed record PresenceAlive(string Node, long Version);

/// <summary>The node stops. Its people are about to connect to another one.</summary>
[EventName("presence.left")]
public sealed record PresenceLeft(string Node);

/// <summary>A node asks others to publish their lists.</summary>
/// <param name="Nodes">Null for all.</param>
[EventName("presence.wanted")]
public sealed record PresenceWanted(IReadOnlyList<string>? Nodes);

[JsonSerializable(typeof(PresenceChanged))]
[JsonSerializable(typeof(PresenceListed))]
[JsonSerializable(typeof(PresenceAlive))]
[JsonSerializable(typeof(PresenceLeft))]
[JsonSerializable(typeof(PresenceWanted))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class PresenceEventsJson : JsonSerializerContext;

internal static class PresenceGroups
{
    /// <summary>Every node subscribes to it.</summary>
    public const string All = "presence";
}
