using BlazorChat.Channels.Layer;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Liveblogs.Directory;

namespace BlazorChat.Liveblogs.Streaming;

/// <summary>All live liveblogs as one socket: the ones that are live when it connects, and each one that starts later, from its first post.</summary>
internal sealed class AllLiveblogsConsumer(LiveblogDirectory liveblogs, LiveblogFollower follower, TimeProvider time)
    : LiveblogSocketBase(follower, time), IHandle<LiveblogStarted>, IHandle<EventGap>
{
    /// <summary>The most liveblogs that are followed from the start.</summary>
    private const int MaxLive = 500;

    private readonly HashSet<int> _followed = [];
    private IReadOnlyList<LiveblogPosition> _positions = [];

    protected override IEnumerable<string> Groups => [LiveblogGroups.All];

    protected override async ValueTask OnConnectingAsync(CancellationToken cancellationToken)
    {
        var after = LiveblogPosition.ParseRevision(After);
        var live = await ListLiveAsync(cancellationToken);
        _positions = [.. live.Select(liveblog => LiveblogPosition.Create(liveblog, after))];
    }

    protected override async ValueTask OnConnectedAsync(CancellationToken cancellationToken)
    {
        foreach (var position in _positions)
            Follow(position.Liveblog.Id, position.After);
        // Others may have started before this consumer joined the group.
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
        (await liveblogs.ListOpenAsync(Scope.User, MaxLive, cancellationToken)).Where(liveblog => liveblog.State == LiveblogState.Live);

    private void Follow(int liveblogId, long after)
    {
        if (_followed.Add(liveblogId))
            _ = FollowAsync(liveblogId, after);
    }
}
