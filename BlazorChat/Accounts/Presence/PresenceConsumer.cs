using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Accounts.Presence;

/// <summary>Receives what the other nodes publish about their people.</summary>
/// <param name="node">The id of this node, whose own events are ignored.</param>
/// <param name="lacking">Called with the id of a node whose list must be read again.</param>
/// <param name="wanted">Called when this node is asked for its list.</param>
internal sealed class PresenceConsumer(string node, RemotePresence nodes, Action<string> lacking, Action wanted, Action gap)
    : NodeConsumer(gap),
        IHandle<PresenceChanged>,
        IHandle<PresenceListed>,
        IHandle<PresenceAlive>,
        IHandle<PresenceLeft>,
        IHandle<PresenceWanted>
{
    protected override IEnumerable<string> Groups => [PresenceGroups.All];

    public ValueTask HandleAsync(PresenceChanged message, CancellationToken cancellationToken) =>
        Check(message.Node, message.Node == node || nodes.Apply(message));

    public ValueTask HandleAsync(PresenceListed message, CancellationToken cancellationToken) =>
        Check(message.Node, message.Node == node || nodes.Apply(message));

    public ValueTask HandleAsync(PresenceAlive message, CancellationToken cancellationToken) =>
        Check(message.Node, message.Node == node || nodes.Apply(message));

    public ValueTask HandleAsync(PresenceLeft message, CancellationToken cancellationToken)
    {
        nodes.Apply(message);
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(PresenceWanted message, CancellationToken cancellationToken)
    {
        if (message.Nodes?.Contains(node) != false)
            wanted();
        return ValueTask.CompletedTask;
    }

    private ValueTask Check(string from, bool isComplete)
    {
        if (!isComplete)
            lacking(from);
        return ValueTask.CompletedTask;
    }
}
