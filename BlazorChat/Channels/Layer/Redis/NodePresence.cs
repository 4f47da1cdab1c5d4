namespace BlazorChat.Channels.Layer.Redis;

/// <summary>
/// The other nodes, by the announcements that they make. A node that falls silent without announcing that it leaves may have died before
/// it published all its events. Thread-safe.
/// </summary>
internal sealed class NodePresence(TimeProvider time)
{
    /// <summary>Several times the interval of one second in which a node announces itself.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, long> _lastSeen = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public void MarkAlive(string node)
    {
        lock (_gate)
            _lastSeen[node] = time.GetTimestamp();
    }

    public void Remove(string node)
    {
        lock (_gate)
            _lastSeen.Remove(node);
    }

    public void Clear()
    {
        lock (_gate)
            _lastSeen.Clear();
    }

    /// <summary>Removes the nodes that have announced nothing for five seconds; true when there was one.</summary>
    public bool RemoveSilent()
    {
        lock (_gate)
        {
            var silent = _lastSeen.Where(seen => time.GetElapsedTime(seen.Value) > Timeout).Select(seen => seen.Key).ToArray();
            foreach (var node in silent)
                _lastSeen.Remove(node);
            return silent.Length > 0;
        }
    }
}
