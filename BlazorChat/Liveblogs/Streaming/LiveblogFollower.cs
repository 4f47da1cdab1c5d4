using System.Security.Claims;
using BlazorChat.Common;
using BlazorChat.Liveblogs.Posts;

namespace BlazorChat.Liveblogs.Streaming;

/// <summary>Why a connection no longer follows a liveblog.</summary>
internal enum FollowEnd
{
    Archived,
    Disconnected,

    /// <summary>The reader lost the right to a draft.</summary>
    Refused,
    Failed,
}

/// <summary>Sends the changes of a liveblog to one connection.</summary>
internal sealed partial class LiveblogFollower(LiveblogPosts posts, LiveblogFrames frames, ILogger<LiveblogFollower> logger)
{
    /// <summary>Follows until the liveblog is archived or the connection ends. It throws nothing.</summary>
    public async Task<FollowEnd> FollowAsync(
        ClaimsPrincipal reader, int liveblogId, long after, Func<EncodedChange, ValueTask> send, CancellationToken disconnecting)
    {
        try
        {
            await foreach (var page in posts.FollowAsync(reader, liveblogId, after, disconnecting))
            {
                foreach (var change in page.Changes)
                {
                    await send(frames.Encode(change));
                    if (change.IsArchived)
                        return FollowEnd.Archived;
                }
            }

            return FollowEnd.Disconnected;
        }
        catch (Exception) when (disconnecting.IsCancellationRequested)
        {
            return FollowEnd.Disconnected;
        }
        catch (RefusedException)
        {
            return FollowEnd.Refused;
        }
        catch (Exception exception)
        {
            LogInterrupted(logger, exception, liveblogId);
            return FollowEnd.Failed;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Following liveblog {LiveblogId} was interrupted")]
    private static partial void LogInterrupted(ILogger logger, Exception exception, int liveblogId);
}
