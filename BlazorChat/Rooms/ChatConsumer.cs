using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BlazorChat.Accounts;
using BlazorChat.Channels;
using BlazorChat.Data;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorChat.Rooms;

/// <summary>A room as one socket; its frames are in docs/protocol.md.</summary>
internal sealed partial class ChatConsumer(
    Conversation conversation, RoomDirectory rooms, SignInCheck signIn, SendLimit limit, ILogger<ChatConsumer> logger)
    : WebSocketConsumer
{
    private const string SendCommand = "chat.message.send";
    private const string RoomEnded = "This room is no longer for you.";
    private const string Interrupted = "Interrupted: reconnect and go on from where you were.";

    private long _after;

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
        _ = WatchAsync();
        return ValueTask.CompletedTask;
    }

    protected override async ValueTask ReceiveTextAsync(string text, CancellationToken cancellationToken)
    {
        if (!limit.TryTake(Scope.User.UserId))
        {
            Send(new ChatError("rate_limited", "Too many messages: wait a moment."), ChatFramesJson.Default.ChatError);
            return;
        }

        ChatCommand? command;
        try
        {
            command = JsonSerializer.Deserialize(text, ChatFramesJson.Default.ChatCommand);
        }
        catch (JsonException)
        {
            Send(new ChatError("malformed", "This is not a JSON object with fields of the right types."), ChatFramesJson.Default.ChatError);
            return;
        }

        if (command?.Type is null or SendCommand)
            await SendMessageAsync(command, cancellationToken);
        else
            Send(new ChatError("unknown_command", $"There is no command of this type; there is {SendCommand}."), ChatFramesJson.Default.ChatError);
    }

    private async ValueTask SendMessageAsync(ChatCommand? command, CancellationToken cancellationToken)
    {
        if (command?.Message is null)
        {
            Send(new ChatError("missing_field", "The field message is missing.", command?.ClientMessageId), ChatFramesJson.Default.ChatError);
            return;
        }

        var id = command.ClientMessageId ?? Guid.NewGuid();
        try
        {
            var kept = await conversation.SendAsync(Scope.User, RoomId, id, command.Message, cancellationToken);
            Send(new ChatAccepted(id, kept.Sequence, kept.Revision), ChatFramesJson.Default.ChatAccepted);
        }
        catch (RefusedException refused)
        {
            var code = refused.Code.ToString().ToLowerInvariant();
            Send(new ChatError(code, refused.Message, command.ClientMessageId), ChatFramesJson.Default.ChatError);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotKept(logger, exception, RoomId);
            Send(new ChatError("failed", "The message could not be kept: send it again with the same id.", command.ClientMessageId), ChatFramesJson.Default.ChatError);
        }
    }

    /// <summary>Where to follow on from: the revision that the peer names, or now.</summary>
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
                foreach (var change in page.Changes)
                    await SendTextAsync(Encode(ChatCreated.From(change.Message), ChatFramesJson.Default.ChatCreated), Disconnecting);
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

    /// <summary>Looks again and again whether this person may still be here: what let the socket in may have ended since.</summary>
    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(signIn.Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(Disconnecting))
            {
                if (!await signIn.IsSignedInAsync(Scope.User))
                    Close(WebSocketCloseStatus.PolicyViolation, "The sign-in has ended.");
                else if (await rooms.FindAsync(Scope.User, RoomId, Disconnecting) is null)
                    Close(WebSocketCloseStatus.PolicyViolation, RoomEnded);
            }
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

    private void Send<TFrame>(TFrame frame, JsonTypeInfo<TFrame> json) => SendText(Encode(frame, json));

    private static byte[] Encode<TFrame>(TFrame frame, JsonTypeInfo<TFrame> json) => JsonSerializer.SerializeToUtf8Bytes(frame, json);

    [LoggerMessage(1, LogLevel.Error, "A message to room {RoomId} could not be kept")]
    private static partial void LogNotKept(ILogger logger, Exception exception, int roomId);

    [LoggerMessage(2, LogLevel.Warning, "Following room {RoomId} was interrupted")]
    private static partial void LogInterrupted(ILogger logger, Exception exception, int roomId);
}
