using BlazorChat.Accounts.Limits;
using BlazorChat.Rooms.Messages;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>The endpoint with which scripts read messages, from a time or from a position on. See docs/protocol.md.</summary>
internal sealed class MessagesApi(Conversation conversation, MessageDates dates, CommandLimit commands)
{
    public async Task<IResult> ListAsync(HttpContext context, int roomId, DateTimeOffset? at, long? after)
    {
        var (bot, cancellationToken) = (context.User, context.RequestAborted);
        if (at is null)
            commands.Acquire(bot);
        var from = at is { } time ? await dates.FindAsync(bot, roomId, time.UtcDateTime, cancellationToken) - 1 : after;
        var page = await conversation.ReadAfterAsync(bot, roomId, from ?? 0, cancellationToken);
        IReadOnlyList<ChatMessage> messages = [.. page.Messages.Select(ChatMessage.From)];
        return TypedResults.Json(messages, ApiFramesJson.Default.IReadOnlyListChatMessage);
    }
}
