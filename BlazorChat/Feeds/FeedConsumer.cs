using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Feeds;

/// <summary>Receives the changes of one feed on one node.</summary>
internal sealed class FeedConsumer<TChange>(string group, Action<TChange> changed, Action gap) : NodeConsumer(gap), IHandle<TChange>
    where TChange : IFeedChange
{
    protected override IEnumerable<string> Groups => [group];

    public ValueTask HandleAsync(TChange message, CancellationToken cancellationToken)
    {
        changed(message);
        return ValueTask.CompletedTask;
    }
}
