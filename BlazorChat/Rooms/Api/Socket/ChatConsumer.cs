using System.Globalization;
using System.Net.WebSockets;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.WebSockets;
using BlazorChat.Common;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorChat.Rooms.Api.Socket;

/// <summary>A socket of one room; docs/protocol.md describes its frames.</summary>
internal sealed partial class ChatConsumer(
    Conversation conversation, ChatCommands commands, RoomDirectory rooms, ILogger<ChatConsumer> logger)
    : JsonWebSocketConsumer<ChatCommand>(ChatFramesJson.Default.ChatCommand), IHandle<RoomTyping>
{
    private const string RoomEnded = "You no longer have access to this room.";
    private const string Interrupted = "Interrupted. Reconnect and follow from your newest revision.";

    private long _after;

    protected override IEnumerable<string> Groups => [RoomGroups.Typing(RoomId)];

    private int RoomId => int.Parse((string)Scope.RouteValues["roomId"]!, CultureInfo.InvariantCulture);

    protected override async ValueTask OnConnectingAsync(CancellationToken cancellationToken)
    {
        if (await rooms.FindAsync(Scope.User, RoomId, cancellationToken) is null)
            throw new ConnectionRefusedException(StatusCodes.Status404NotFound);
        _after = await FindStartAsync(cancellationToken);
    }

    protected override ValueTask OnConnectedAsync(CancellationToken cancellationToken)
    {
        _ = FollowAsync();
        return ValueTask.CompletedTask;
    }

    protected override async ValueTask ReceiveJsonAsync(ChatCommand command, CancellationToken cancellationToken)
    {
        if (await commands.ExecuteAsync(Scope.User, RoomId, command, cancellationToken) is { } answer)
            SendText(answer);
    }

    public ValueTask HandleAsync(RoomTyping message, CancellationToken cancellationToken)
    {
        if (message.UserId != Scope.User.UserId)
            SendJson(new ChatTyping(message.UserId, message.Name), ChatFramesJson.Default.ChatTyping);
        return ValueTask.CompletedTask;
    }

    /// <summary>The revision to follow from: the one that the peer names, or the newest.</summary>
    private async Task<long> FindStartAsync(CancellationToken cancellationToken)
    {
        if (!QueryHelpers.ParseQuery(Scope.Query).TryGetValue("after", out var after))
            return (await conversation.ReadLatestAsync(Scope.User, RoomId, cancellationToken)).Revision;
        return long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : throw new ConnectionRefusedException(StatusCodes.Status400BadRequest);
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var page in conversation.FollowAsync(Scope.User, RoomId, _after, Disconnecting))
            {
                foreach (var messages in ChatBlocks.Of(page))
                    await SendTextAsync(messages, Disconnecting);
            }
        }
        catch (Exception) when (Disconnecting.IsCancellationRequested)
        {
            // The socket is closed.
        }
        catch (RefusedException)
        {
            Close(WebSocketCloseStatus.PolicyViolation, RoomEnded);
        }
        catch (Exception exception)
        {
            LogInterrupted(logger, exception, RoomId);
            Close((WebSocketCloseStatus)1013, Interrupted);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Following room {RoomId} was interrupted")]
    private static partial void LogInterrupted(ILogger logger, Exception exception, int roomId);
}
