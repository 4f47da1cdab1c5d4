using System.Globalization;
using System.Net.WebSockets;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.WebSockets;
using BlazorChat.Common;
using BlazorChat.Data.Entities;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorChat.Rooms.Api.Socket;

/// <summary>A socket of one room; docs/protocol.md describes its frames.</summary>
internal sealed partial class ChatConsumer(
    Conversation conversation, ChatCommands commands, RoomDirectory rooms, TimeProvider time, ILogger<ChatConsumer> logger)
    : JsonWebSocketConsumer<ChatCommand>(ChatFramesJson.Default.ChatCommand), IHandle<RoomTyping>, IHandle<RoomChanged>, IHandle<EventGap>
{
    /// <summary>All sockets of a node see a gap at once; their reads are spread over this time.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(2);

    private const string RoomEnded = "You no longer have access to this room.";
    private const string Interrupted = "Interrupted. Reconnect and follow from your newest revision.";

    private long _after;
    private int _version;

    protected override IEnumerable<string> Groups => [RoomGroups.Typing(RoomId), RoomGroups.Settings(RoomId)];

    private int RoomId => int.Parse((string)Scope.RouteValues["roomId"]!, CultureInfo.InvariantCulture);

    protected override async ValueTask OnConnectingAsync(CancellationToken cancellationToken)
    {
        var room = await rooms.FindAsync(Scope.User, RoomId, cancellationToken)
            ?? throw new ConnectionRefusedException(StatusCodes.Status404NotFound);
        _version = room.Version;
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

    public ValueTask HandleAsync(RoomChanged message, CancellationToken cancellationToken)
    {
        SendRoom(new ChatRoomChanged(
            message.RoomId,
            message.Name,
            message.Kind != RoomKind.Open,
            message.Topic,
            message.Description,
            message.ArchivedAt is not null,
            message.Version));
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken)
    {
        // Commands of the peer wait for a handler, so it does not wait for the database.
        _ = ReadRoomAsync();
        return ValueTask.CompletedTask;
    }

    /// <summary>Reads the room again, since its change may be lost.</summary>
    private async Task ReadRoomAsync()
    {
        try
        {
            await Task.Delay(Spread * Random.Shared.NextDouble(), time, Disconnecting);
            if (await rooms.FindAsync(Scope.User, RoomId, Disconnecting) is { } room)
                SendRoom(new ChatRoomChanged(room.Id, room.Name, room.Kind != RoomKind.Open, room.Topic!, room.Description!, room.IsArchived, room.Version));
        }
        catch (Exception) when (Disconnecting.IsCancellationRequested)
        {
            // The socket is closed.
        }
        catch (Exception exception)
        {
            LogNotRead(logger, exception, RoomId);
        }
    }

    private void SendRoom(ChatRoomChanged room)
    {
        // A handler and the read after a gap may run at the same time.
        int known;
        do
        {
            known = Volatile.Read(ref _version);
            if (room.Version <= known)
                return;
        }
        while (Interlocked.CompareExchange(ref _version, room.Version, known) != known);

        SendJson(room, ChatFramesJson.Default.ChatRoomChanged);
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

    [LoggerMessage(2, LogLevel.Warning, "The settings of room {RoomId} could not be read after a gap; a socket has them with the next change")]
    private static partial void LogNotRead(ILogger logger, Exception exception, int roomId);
}
