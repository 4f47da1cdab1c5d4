using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.EventStreams;
using BlazorChat.Liveblogs.Directory;

namespace BlazorChat.Liveblogs.Streaming;

/// <summary>One liveblog as an event stream; its events are in docs/protocol.md.</summary>
internal sealed class LiveblogStreamConsumer(LiveblogDirectory liveblogs, LiveblogFollower follower) : EventStreamConsumer
{
    private LiveblogPosition _position = default!;

    protected override async ValueTask OnConnectingAsync(CancellationToken cancellationToken)
    {
        _position = await LiveblogPosition.FindAsync(liveblogs, Scope, LastEventId, cancellationToken);
        // After this status, the EventSource of a browser does not reconnect.
        if (_position.IsEnd)
            throw new ConnectionRefusedException(StatusCodes.Status204NoContent);
    }

    protected override ValueTask OnConnectedAsync(CancellationToken cancellationToken)
    {
        // A reader that is disconnected before the first event can resume from this id.
        Send(EventStreamMessage.Position($"{_position.After}"));
        _ = FollowAsync();
        return ValueTask.CompletedTask;
    }

    private async Task FollowAsync()
    {
        await follower.FollowAsync(
            Scope.User,
            _position.Liveblog.Id,
            _position.After,
            async change => await SendAsync(await change.Message, Disconnecting),
            Disconnecting);
        // A reader that is not at the end reconnects and resumes.
        Close();
    }
}
