using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.EventStreams;
using BlazorChat.Common;
using BlazorChat.Liveblogs.Directory;
using BlazorChat.Liveblogs.Posts;

namespace BlazorChat.Liveblogs.Streaming;

/// <summary>A liveblog as one event stream; its events are in docs/protocol.md.</summary>
internal sealed partial class LiveblogStreamConsumer(
    LiveblogDirectory liveblogs, LiveblogPosts posts, LiveblogFrames frames, ILogger<LiveblogStreamConsumer> logger)
    : EventStreamConsumer
{
    private LiveblogEntry _entry = default!;

    protected override async ValueTask OnConnectingAsync(CancellationToken cancellationToken)
    {
        _entry = await LiveblogEntry.FindAsync(liveblogs, Scope, LastEventId, cancellationToken);
        // By this answer a browser's EventSource knows that it need not come back.
        if (_entry.IsAtTheEnd)
            throw new ConnectionRefusedException(StatusCodes.Status204NoContent);
    }

    protected override ValueTask OnConnectedAsync(CancellationToken cancellationToken)
    {
        // A reader that is interrupted before the first event still knows where it stood.
        Send(EventStreamMessage.Position($"{_entry.After}"));
        _ = FollowAsync();
        return ValueTask.CompletedTask;
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var page in posts.FollowAsync(Scope.User, _entry.Liveblog.Id, _entry.After, Disconnecting))
            {
                foreach (var change in page.Changes)
                {
                    await SendAsync(await frames.Encode(change).Message, Disconnecting);
                    if (change.IsArchived)
                        return;
                }
            }
        }
        catch (Exception) when (Disconnecting.IsCancellationRequested)
        {
            // The reader is gone.
        }
        catch (RefusedException)
        {
            // A draft, whose reader may no longer see it.
        }
        catch (Exception exception)
        {
            LogInterrupted(logger, exception, _entry.Liveblog.Id);
        }
        finally
        {
            // Whoever is still there comes back, and goes on from where it was.
            Close();
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Following liveblog {LiveblogId} was interrupted")]
    private static partial void LogInterrupted(ILogger logger, Exception exception, int liveblogId);
}
