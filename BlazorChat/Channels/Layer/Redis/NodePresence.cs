namespace BlazorChat.Channels.Layer.Redis;

/// <summary>
/// Which other nodes are there, from what they say of themselves. One that falls silent without a farewell may have died with
/// events that it had not published yet.
/// </summary>
internal sealed class NodePresence(TimeProvider time)
{
    /// <summary>Several of the beats that a node sends each second.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, long> _heard = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public void Heard(string node)
    {
        lock (_gate)
            _heard[node] = time.GetTimestamp();
    }

    public void Left(string node)
    {
        lock (_gate)
            _heard.Remove(node);
    }

    public void Clear()
    {
        lock (_gate)
            _heard.Clear();
    }

    /// <summary>Forgets the nodes that have fallen silent; true when there was one.</summary>
    public bool ForgetSilent()
    {
        lock (_gate)
        {
            var silent = _heard.Where(heard => time.GetElapsedTime(heard.Value) > Silence).Select(heard => heard.Key).ToArray();
            foreach (var node in silent)
                _heard.Remove(node);
            return silent.Length > 0;
        }
    }
}
