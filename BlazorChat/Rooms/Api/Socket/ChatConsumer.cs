using System.Globalization;
using System.Net.WebSockets;
using BlazorChat.Accounts.Presence;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.WebSockets;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Messages;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorChat.Rooms.Api.Socket;

/// <summary>A socket of one room; docs/protocol.md describes its frames.</summary>
internal sealed partial class ChatConsumer(
    Conversation conversation,
    ChatCommands commands,
    RoomDirectory rooms,
    MemberChecks members,
    PresenceDirectory presence,
    PresenceFollows presenceFollows,
    TimeProvider time,
    ILogger<ChatConsumer> logger)
    : JsonWebSocketConsumer<ChatCommand>(ChatFramesJson.Default.ChatCommand), IHandle<RoomTyping>, IHandle<RoomChanged>, IHandle<EventGap>
{
    /// <summary>All sockets of a node see a gap at once; their reads are spread over this time.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(2);

    private const string RoomEnded = "You no longer have access to this room.";
    private const string Interrupted = "Interrupted. Reconnect and follow from your newest revision.";

    private long _after;
    private int _version;
    private PresenceConnection? _presence;
    private bool _followsPresence;

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
        _presence = presence.Open(Scope.User);
        _ = FollowAsync();
        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnDisconnectedAsync()
    {
        _presence?.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async ValueTask ReceiveJsonAsync(ChatCommand command, CancellationToken cancellationToken)
    {
        _presence?.Touch();
        if (command.Type == ChatCommands.FollowPresence)
        {
            await FollowPresenceAsync(command, cancellationToken);
            return;
        }

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
        var room = new ChatRoomChanged(
            message.RoomId,
            message.Name,
            message.Kind != RoomKind.Open,
            message.Topic,
            message.Description,
            message.ArchivedAt is not null,
            message.Version)
        {
            OnlyOwnersMentionRoom = message.OnlyOwnersMentionRoom,
        };
        // Commands of the peer wait for a handler, so it does not wait for the database.
        if (room.IsPrivate)
            _ = UpdateRoomAsync(() => SendToMemberAsync(room));
        else
            SendRoom(room);
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken)
    {
        _ = UpdateRoomAsync(ReadRoomAsync);
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends settings that only members may see. The room may just have become private, and the follow of this person not have ended yet.</summary>
    private async Task SendToMemberAsync(ChatRoomChanged room)
    {
        if (await members.IsMemberAsync(Scope.User, RoomId, Disconnecting))
            SendRoom(room);
    }

    /// <summary>Reads the room again, since its change may be lost.</summary>
    private async Task ReadRoomAsync()
    {
        await Task.Delay(Spread * Random.Shared.NextDouble(), time, Disconnecting);
        if (await rooms.FindAsync(Scope.User, RoomId, Disconnecting) is { } room)
        {
            SendRoom(new ChatRoomChanged(room.Id, room.Name, room.Kind != RoomKind.Open, room.Topic!, room.Description!, room.IsArchived, room.Version)
            {
                OnlyOwnersMentionRoom = room.OnlyOwnersMentionRoom,
            });
        }
    }

    private async Task UpdateRoomAsync(Func<Task> update)
    {
        try
        {
            await update();
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
        // Updates may run at the same time, and end in another order.
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

    /// <summary>Begins to send who of the room is connected, and then what changes. A second command changes nothing.</summary>
    private async Task FollowPresenceAsync(ChatCommand command, CancellationToken cancellationToken)
    {
        if (_followsPresence)
            return;
        try
        {
            _ = SendPresenceAsync(await presenceFollows.FollowAsync(Scope.User, RoomId, Disconnecting));
            _followsPresence = true;
        }
        catch (RefusedException refused)
        {
            await SendTextAsync(ChatCommands.Refuse(command, refused), cancellationToken);
        }
    }

    private async Task SendPresenceAsync(IAsyncEnumerable<PresencePage> pages)
    {
        try
        {
            await foreach (var page in pages)
                await SendTextAsync(ChatPresenceFrame.Of(page), Disconnecting);
        }
        catch (Exception) when (Disconnecting.IsCancellationRequested)
        {
            // The socket is closed.
        }
        catch (Exception exception)
        {
            LogInterrupted(logger, exception, RoomId);
            Close((WebSocketCloseStatus)1013, Interrupted);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Following room {RoomId} was interrupted")]
    private static partial void LogInterrupted(ILogger logger, Exception exception, int roomId);

    [LoggerMessage(2, LogLevel.Warning, "The settings of room {RoomId} could not be read; a socket has them with the next change")]
    private static partial void LogNotRead(ILogger logger, Exception exception, int roomId);
}
