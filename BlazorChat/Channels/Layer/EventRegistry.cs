using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace BlazorChat.Channels.Layer;

/// <summary>The events that a feature adds: the types of its source-generated JSON context.</summary>
internal sealed record EventSource(JsonSerializerContext Json);

/// <summary>Every event that the layer can carry, by type and by name. Built once at start; thread-safe.</summary>
internal sealed class EventRegistry
{
    private readonly FrozenDictionary<Type, EventType> _byType;
    private readonly FrozenDictionary<string, EventType> _byName;

    /// <exception cref="InvalidOperationException">Two events have the same name, or one has no <see cref="EventNameAttribute"/>.</exception>
    public EventRegistry(IEnumerable<EventSource> sources)
    {
        var byType = new Dictionary<Type, EventType>();
        var byName = new Dictionary<string, EventType>(StringComparer.Ordinal);
        foreach (var (type, json, name) in sources.SelectMany(FindEvents))
        {
            var eventType = (EventType)Activator.CreateInstance(typeof(EventType<>).MakeGenericType(type), name, json)!;
            if (!byName.TryAdd(name, eventType))
                throw new InvalidOperationException($"The event name '{name}' of {type} belongs to another event.");
            byType.Add(type, eventType);
        }

        _byType = byType.ToFrozenDictionary();
        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <exception cref="InvalidOperationException">No feature has added the type.</exception>
    public EventType<TEvent> Get<TEvent>()
        where TEvent : notnull =>
        _byType.TryGetValue(typeof(TEvent), out var found)
            ? (EventType<TEvent>)found
            : throw new InvalidOperationException(
                $"{typeof(TEvent)} is no event: give it an [EventName] and add its JSON context with AddEvents.");

    public bool Knows(Type type) => _byType.ContainsKey(type);

    public EventType? Find(string name) => _byName.GetValueOrDefault(name);

    private static IEnumerable<(Type Type, JsonTypeInfo Json, string Name)> FindEvents(EventSource source)
    {
        var found = source.Json.GetType()
            .GetCustomAttributesData()
            .Where(attribute => attribute.AttributeType == typeof(JsonSerializableAttribute))
            .Select(attribute => (Type)attribute.ConstructorArguments[0].Value!)
            .ToArray();
        foreach (var type in found)
        {
            var name = type.GetCustomAttribute<EventNameAttribute>()?.Name
                ?? throw new InvalidOperationException($"{type} is in {source.Json.GetType()} but has no [EventName].");
            yield return (type, source.Json.GetTypeInfo(type)!, name);
        }
    }
}
