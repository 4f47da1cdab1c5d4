using System.Net.WebSockets;
using BlazorChat.Liveblogs.Directory;
using BlazorChat.Liveblogs.Posts;

namespace BlazorChat.Liveblogs.Streaming;

/// <summary>A liveblog as one socket; its frames are in docs/protocol.md.</summary>
internal sealed class LiveblogConsumer(
    LiveblogDirectory liveblogs, LiveblogPosts posts, LiveblogFrames frames, TimeProvider time, ILogger<LiveblogConsumer> logger)
    : LiveblogSocket(posts, frames, time, logger)
{
    private LiveblogEntry _entry = default!;

    protected override async ValueTask OnConnectingAsync(CancellationToken cancellationToken) =>
        _entry = await LiveblogEntry.FindAsync(liveblogs, Scope, After, cancellationToken);

    protected override ValueTask OnConnectedAsync(CancellationToken cancellationToken)
    {
        _ = FollowToTheEndAsync();
        return ValueTask.CompletedTask;
    }

    private async Task FollowToTheEndAsync()
    {
        if (!_entry.IsAtTheEnd)
            await FollowAsync(_entry.Liveblog.Id, _entry.After);
        Close(WebSocketCloseStatus.NormalClosure, "This liveblog is archived.");
    }
}
