using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Liveblogs.Directory;

/// <summary>Notifies a circuit that its list of liveblogs may be out of date.</summary>
internal sealed class LiveblogListConsumer(Func<Task> changed)
    : CircuitConsumer, IHandle<LiveblogStarted>, IHandle<LiveblogHeadChanged>, IHandle<EventGap>
{
    protected override IEnumerable<string> Groups => [LiveblogGroups.All];

    public async ValueTask HandleAsync(LiveblogStarted message, CancellationToken cancellationToken) => await changed();

    public async ValueTask HandleAsync(LiveblogHeadChanged message, CancellationToken cancellationToken) => await changed();

    public async ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken) => await changed();
}
