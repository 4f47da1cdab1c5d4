using System.Net.WebSockets;
using BlazorChat.Liveblogs.Directory;

namespace BlazorChat.Liveblogs.Streaming;

/// <summary>One liveblog as a socket; its frames are in docs/protocol.md.</summary>
internal sealed class LiveblogSocketConsumer(LiveblogDirectory liveblogs, LiveblogFollower follower, TimeProvider time)
    : LiveblogSocketBase(follower, time)
{
    private LiveblogPosition _position = default!;

    protected override async ValueTask OnConnectingAsync(CancellationToken cancellationToken) =>
        _position = await LiveblogPosition.FindAsync(liveblogs, Scope, After, cancellationToken);

    protected override ValueTask OnConnectedAsync(CancellationToken cancellationToken)
    {
        _ = FollowToEndAsync();
        return ValueTask.CompletedTask;
    }

    private async Task FollowToEndAsync()
    {
        if (!_position.IsEnd)
            await FollowAsync(_position.Liveblog.Id, _position.After);
        // It has no effect when the socket was closed for another reason.
        Close(WebSocketCloseStatus.NormalClosure, "This liveblog is archived.");
    }
}
