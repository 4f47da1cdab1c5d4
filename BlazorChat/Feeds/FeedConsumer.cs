using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Feeds;

/// <summary>Receives the changes of one feed on one node.</summary>
internal sealed class FeedConsumer<TChange>(string group, Action<TChange> changed, Action gap)
    : FeedConsumer(group, gap), IHandle<TChange>
    where TChange : IFeedChange
{
    public ValueTask HandleAsync(TChange message, CancellationToken cancellationToken)
    {
        changed(message);
        return ValueTask.CompletedTask;
    }
}

/// <summary>
/// The part without the type of change. The compiler refuses both interfaces on one class, because a change might be an <see cref="EventGap"/>.
/// </summary>
internal abstract class FeedConsumer(string group, Action gap) : Consumer, IHandle<EventGap>
{
    protected override IEnumerable<string> Groups => [group];

    public ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken)
    {
        gap();
        return ValueTask.CompletedTask;
    }
}
