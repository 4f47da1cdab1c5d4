using System.Net.WebSockets;
using System.Text.Json;
using BlazorChat.Channels.WebSockets;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorChat.Liveblogs.Streaming;

/// <summary>A socket that sends the changes of liveblogs and accepts no commands.</summary>
internal abstract class LiveblogSocketBase(LiveblogFollower follower, TimeProvider time) : WebSocketConsumer
{
    /// <summary>Messages from the peer in a minute that get an answer; one more closes the socket.</summary>
    private const int MaxAnswered = 20;

    private const string NoCommands = "This address accepts no commands.";

    private static readonly TimeSpan AnswerWindow = TimeSpan.FromMinutes(1);

    private static readonly byte[] UnknownCommand = JsonSerializer.SerializeToUtf8Bytes(
        new LiveblogError("error", "unknown_command", NoCommands), LiveblogFramesJson.Wire.LiveblogError);

    private long _windowStart;
    private int _answered;

    /// <summary>The revision in the query; null without one.</summary>
    protected string? After => QueryHelpers.ParseQuery(Scope.Query).TryGetValue("after", out var after) ? after.ToString() : null;

    protected sealed override ValueTask ReceiveTextAsync(string text, CancellationToken cancellationToken)
    {
        if (_answered == 0 || time.GetElapsedTime(_windowStart) > AnswerWindow)
            (_answered, _windowStart) = (0, time.GetTimestamp());
        if (++_answered <= MaxAnswered)
            SendText(UnknownCommand);
        else
            Close(WebSocketCloseStatus.PolicyViolation, NoCommands);
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends the changes of a liveblog until it is archived or the socket closes.</summary>
    protected async Task FollowAsync(int liveblogId, long after)
    {
        var end = await follower.FollowAsync(Scope.User, liveblogId, after, change => SendTextAsync(change.Frame, Disconnecting), Disconnecting);
        if (end == FollowEnd.Refused)
            Close(WebSocketCloseStatus.PolicyViolation, "You may no longer read this liveblog.");
        else if (end == FollowEnd.Failed)
            Close((WebSocketCloseStatus)1013, "The connection was interrupted. Reconnect and resume.");
    }
}
