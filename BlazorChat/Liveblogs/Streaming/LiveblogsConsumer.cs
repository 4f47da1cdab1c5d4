using BlazorChat.Channels.Layer;
using BlazorChat.Data.Entities;
using BlazorChat.Liveblogs.Directory;
using BlazorChat.Liveblogs.Posts;

namespace BlazorChat.Liveblogs.Streaming;

/// <summary>Every live liveblog as one socket: those that are live when it connects, and each that starts later, from its beginning.</summary>
internal sealed class LiveblogsConsumer(
    LiveblogDirectory liveblogs, LiveblogPosts posts, LiveblogFrames frames, TimeProvider time, ILogger<LiveblogsConsumer> logger)
    : LiveblogSocket(posts, frames, time, logger), IHandle<LiveblogStarted>, IHandle<EventGap>
{
    private readonly HashSet<int> _followed = [];
    private IReadOnlyList<LiveblogEntry> _entries = [];

    protected override IEnumerable<string> Groups => [LiveblogGroups.All];

    protected override async ValueTask OnConnectingAsync(CancellationToken cancellationToken)
    {
        var after = LiveblogEntry.ParseRevision(After);
        var live = await ListLiveAsync(cancellationToken);
        _entries = [.. live.Select(liveblog => LiveblogEntry.Create(liveblog, after))];
    }

    protected override async ValueTask OnConnectedAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in _entries)
            Follow(entry.Liveblog.Id, entry.After);
        // What has started since, before the group was joined.
        await FollowStartedAsync(cancellationToken);
    }

    public ValueTask HandleAsync(LiveblogStarted message, CancellationToken cancellationToken)
    {
        Follow(message.LiveblogId, after: 0);
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken) => FollowStartedAsync(cancellationToken);

    private async ValueTask FollowStartedAsync(CancellationToken cancellationToken)
    {
        foreach (var liveblog in await ListLiveAsync(cancellationToken))
            Follow(liveblog.Id, after: 0);
    }

    private async Task<IEnumerable<LiveblogView>> ListLiveAsync(CancellationToken cancellationToken) =>
        (await liveblogs.ListVisibleAsync(Scope.User, cancellationToken)).Where(liveblog => liveblog.State == LiveblogState.Live);

    private void Follow(int liveblogId, long after)
    {
        if (_followed.Add(liveblogId))
            _ = FollowAsync(liveblogId, after);
    }
}
