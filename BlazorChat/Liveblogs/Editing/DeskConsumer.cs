using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Liveblogs.Editing;

/// <summary>Tells one circuit what happens at the desk of a liveblog.</summary>
/// <param name="changed">A draft, who may write, or the liveblog's state.</param>
/// <param name="editing">Somebody is changing a post.</param>
internal sealed class DeskConsumer(int liveblogId, Func<Task> changed, Func<LiveblogPostEditing, Task> editing)
    : CircuitConsumer, IHandle<LiveblogDeskChanged>, IHandle<LiveblogPostEditing>, IHandle<EventGap>
{
    protected override IEnumerable<string> Groups => [LiveblogGroups.Desk(liveblogId)];

    public async ValueTask HandleAsync(LiveblogDeskChanged message, CancellationToken cancellationToken) => await changed();

    public async ValueTask HandleAsync(LiveblogPostEditing message, CancellationToken cancellationToken) => await editing(message);

    public async ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken) => await changed();
}
