using BlazorChat.Accounts.Rights;
using BlazorChat.Channels;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Rooms.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>The endpoint for scripts: a request with a bot's key sends one message. See docs/bots.md.</summary>
internal sealed partial class MessageApi(
    Conversation conversation,
    IDbContextFactory<ChatDbContext> databases,
    IOptions<ChannelOptions> options,
    ILogger<MessageApi> logger)
{
    public async Task<IResult> PostAsync(HttpContext context, int roomId)
    {
        try
        {
            return await SendAsync(context, roomId, context.RequestAborted);
        }
        catch (ApiRefusedException refused)
        {
            return refused.Answer;
        }
        catch (RefusedException refused)
        {
            return new ErrorAnswer(refused);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(logger, exception, roomId);
            return new ErrorAnswer(
                StatusCodes.Status500InternalServerError, "failed", "The server failed. Post the message again with the same client_message_id.");
        }
    }

    public static IResult NotFound() => new ErrorAnswer(StatusCodes.Status404NotFound, "not_found", "There is no such address.");

    private async Task<IResult> SendAsync(HttpContext context, int roomId, CancellationToken cancellationToken)
    {
        var bot = context.User;
        var post = await ApiBody.ReadAsync(context.Request, options.Value.MaxMessageLength, cancellationToken);
        if (post.Message is null)
            throw new ApiRefusedException(StatusCodes.Status400BadRequest, "missing_field", "The field message is missing.");
        var isRepeated = post.ClientMessageId is { } known && await IsStoredAsync(bot.UserId, known, cancellationToken);
        var id = post.ClientMessageId ?? Guid.NewGuid();
        var message = await conversation.SendAsync(bot, roomId, id, post.Message, post.Attachments ?? [], cancellationToken);
        return TypedResults.Json(
            ChatReceipt.For(message),
            ApiFramesJson.Default.ChatReceipt,
            statusCode: isRepeated ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }

    private async Task<bool> IsStoredAsync(int authorId, Guid clientMessageId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Messages.AnyAsync(
            message => message.AuthorId == authorId && message.ClientMessageId == clientMessageId, cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Error, "A post to room {RoomId} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, int roomId);
}
