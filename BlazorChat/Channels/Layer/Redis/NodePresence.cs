namespace BlazorChat.Channels.Layer.Redis;

/// <summary>
/// Which other nodes are there, from what they say of themselves. One that falls silent without a farewell may have died with
/// events that it had not published yet.
/// </summary>
internal sealed class NodePresence(TimeProvider time)
{
    /// <summary>Several of the beats that a node sends each second.</summary>
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

    /// <summary>Forgets the nodes that have fallen silent; true when there was one.</summary>
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
