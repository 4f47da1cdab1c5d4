using System.Collections.Frozen;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Channels.Workers;

/// <summary>Every worker channel of the app, whether this process runs it or not. Built once at start; thread-safe.</summary>
internal sealed class WorkerRegistry
{
    private readonly FrozenDictionary<string, WorkerChannel> _byName;

    /// <exception cref="InvalidOperationException">Two workers have the same name, or a job is not a registered event.</exception>
    public WorkerRegistry(IEnumerable<WorkerChannel> channels, EventRegistry events)
    {
        var byName = new Dictionary<string, WorkerChannel>(StringComparer.Ordinal);
        foreach (var channel in channels)
        {
            if (!byName.TryAdd(channel.Name, channel))
                throw new InvalidOperationException($"The worker channel '{channel.Name}' of {channel.Consumer} belongs to {byName[channel.Name].Consumer}.");
            if (!events.Knows(channel.Job))
                throw new InvalidOperationException(
                    $"The job {channel.Job} of {channel.Consumer} is no event: give it an [EventName] and add its JSON context with AddEvents.");
        }

        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        All = [.. byName.Values.OrderBy(channel => channel.Name, StringComparer.Ordinal)];
    }

    /// <summary>The worker channels in the order of their names.</summary>
    public IReadOnlyList<WorkerChannel> All { get; }

    public WorkerChannel? Find(string name) => _byName.GetValueOrDefault(name);
}
