using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Liveblogs.Editing;

/// <summary>Receives the events for the editors of a liveblog in one circuit.</summary>
/// <param name="changed">A draft, the list of editors or the state of the liveblog changed.</param>
/// <param name="editing">An editor opened or closed a post.</param>
internal sealed class DeskConsumer(int liveblogId, Func<Task> changed, Func<LiveblogPostEditing, Task> editing)
    : CircuitConsumer, IHandle<LiveblogDeskChanged>, IHandle<LiveblogPostEditing>, IHandle<EventGap>
{
    protected override IEnumerable<string> Groups => [LiveblogGroups.Desk(liveblogId)];

    public async ValueTask HandleAsync(LiveblogDeskChanged message, CancellationToken cancellationToken) => await changed();

    public async ValueTask HandleAsync(LiveblogPostEditing message, CancellationToken cancellationToken) => await editing(message);

    public async ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken) => await changed();
}
