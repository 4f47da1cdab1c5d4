using System.Collections.Concurrent;

namespace BlazorChat.Channels.Layer.Redis;

/// <summary>
/// Announces to the other nodes that this one is alive, has lost envelopes or leaves, and receives what they announce. A node that falls silent
/// without announcing that it leaves may have died before it published all its events. Thread-safe.
/// </summary>
/// <param name="lost">Called when a node announces that it has lost envelopes.</param>
internal sealed class NodePresence(RedisPubSub redis, TimeProvider time, Action lost)
{
    /// <summary>The channel of announcements, each a word, a space and the id of the node. No group can have this name.</summary>
    private const string NodesChannel = "!nodes";

    private const string Alive = "alive";
    private const string Leaving = "leaving";
    private const string Lost = "lost";

    /// <summary>Several times the interval of one second in which a node announces itself.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, long> _lastSeen = new(StringComparer.Ordinal);
    private readonly string _node = Guid.NewGuid().ToString("N");
    private long _announcedLosses;

    /// <summary>Subscribes to the announcements of a new connection, which may have none of the old subscriptions.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        _lastSeen.Clear();
        await redis.UnsubscribeAsync(NodesChannel, cancellationToken);
        await redis.SubscribeAsync(NodesChannel, message => Receive(message.ToString()), cancellationToken);
        await AnnounceAsync(Alive, cancellationToken);
    }

    /// <param name="losses">The number of envelopes that this node has lost since its start.</param>
    public async Task AnnounceAsync(long losses, CancellationToken cancellationToken)
    {
        await AnnounceAsync(Alive, cancellationToken);
        if (losses == _announcedLosses)
            return;
        await AnnounceAsync(Lost, cancellationToken);
        _announcedLosses = losses;
    }

    /// <inheritdoc cref="AnnounceAsync(long, CancellationToken)"/>
    public Task LeaveAsync(long losses, CancellationToken cancellationToken) =>
        AnnounceAsync(losses == _announcedLosses ? Leaving : Lost, cancellationToken);

    /// <summary>Removes the nodes that have announced nothing for five seconds; true when there was one.</summary>
    public bool RemoveSilent() =>
        _lastSeen.Where(seen => time.GetElapsedTime(seen.Value) > Timeout && _lastSeen.TryRemove(seen)).ToArray() is not [];

    private Task AnnounceAsync(string word, CancellationToken cancellationToken) =>
        redis.WaitAsync(redis.SendAsync(NodesChannel, $"{word} {_node}"), cancellationToken);

    private void Receive(string message)
    {
        if (message.Split(' ') is not [var word, var node])
            return;
        switch (word)
        {
            case Alive when node != _node:
                _lastSeen[node] = time.GetTimestamp();
                break;
            case Leaving:
                _lastSeen.TryRemove(node, out _);
                break;
            case Lost:
                lost();
                break;
        }
    }
}
