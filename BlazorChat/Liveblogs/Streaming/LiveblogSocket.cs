using System.Net.WebSockets;
using System.Text.Json;
using BlazorChat.Channels.WebSockets;
using BlazorChat.Common;
using BlazorChat.Liveblogs.Posts;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorChat.Liveblogs.Streaming;

/// <summary>What the sockets of liveblogs have in common: they tell what changes, and take no commands.</summary>
internal abstract partial class LiveblogSocket(LiveblogPosts posts, LiveblogFrames frames, TimeProvider time, ILogger logger)
    : WebSocketConsumer
{
    /// <summary>Messages of a reader in a minute that are answered; one more closes the socket.</summary>
    private const int MaxStrayed = 20;

    private static readonly TimeSpan StrayedWindow = TimeSpan.FromMinutes(1);

    private static readonly byte[] UnknownCommand = JsonSerializer.SerializeToUtf8Bytes(
        new LiveblogError("error", "unknown_command", "This address takes no commands."), LiveblogFramesJson.Wire.LiveblogError);

    private long _strayedSince;
    private int _strayed;

    /// <summary>The revision that the peer names, or null.</summary>
    protected string? After => QueryHelpers.ParseQuery(Scope.Query).TryGetValue("after", out var after) ? after.ToString() : null;

    protected sealed override ValueTask ReceiveTextAsync(string text, CancellationToken cancellationToken)
    {
        if (_strayed == 0 || time.GetElapsedTime(_strayedSince) > StrayedWindow)
            (_strayed, _strayedSince) = (0, time.GetTimestamp());
        if (++_strayed <= MaxStrayed)
            SendText(UnknownCommand);
        else
            Close(WebSocketCloseStatus.PolicyViolation, "This address takes no commands.");
        return ValueTask.CompletedTask;
    }

    /// <summary>Tells what happens in a liveblog, until it is archived or the socket closes.</summary>
    protected async Task FollowAsync(int liveblogId, long after)
    {
        try
        {
            await foreach (var page in posts.FollowAsync(Scope.User, liveblogId, after, Disconnecting))
            {
                foreach (var change in page.Changes)
                {
                    await SendTextAsync(frames.Encode(change).Frame, Disconnecting);
                    if (change.IsArchived)
                        return;
                }
            }
        }
        catch (Exception) when (Disconnecting.IsCancellationRequested)
        {
            // The socket is closed.
        }
        catch (RefusedException)
        {
            Close(WebSocketCloseStatus.PolicyViolation, "You may no longer read this liveblog.");
        }
        catch (Exception exception)
        {
            LogInterrupted(logger, exception, liveblogId);
            Close((WebSocketCloseStatus)1013, "Interrupted: reconnect and go on from where you were.");
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Following liveblog {LiveblogId} was interrupted")]
    private static partial void LogInterrupted(ILogger logger, Exception exception, int liveblogId);
}
