using BlazorChat.Accounts.Rights;
using BlazorChat.Channels;
using BlazorChat.Data;
using BlazorChat.Rooms.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>The endpoint for scripts: a request with a bot's key sends one message. See docs/bots.md.</summary>
internal sealed class MessageApi(Conversation conversation, IDbContextFactory<ChatDbContext> databases, IOptions<ChannelOptions> options)
{
    public async Task<IResult> PostAsync(HttpContext context, int roomId)
    {
        var (bot, cancellationToken) = (context.User, context.RequestAborted);
        var post = await ApiBody.ReadAsync(context.Request, options.Value.MaxMessageLength, cancellationToken);
        if (post.Message is null)
            throw new ApiRefusedException(StatusCodes.Status400BadRequest, "missing_field", "The field message is missing.");
        var isRepeated = post.ClientMessageId is { } known && await IsStoredAsync(bot.UserId, known, cancellationToken);
        var id = post.ClientMessageId ?? Guid.NewGuid();
        var message = post.Thread is { } thread
            ? await conversation.ReplyAsync(bot, roomId, thread, id, post.Message, post.Attachments ?? [], post.AlsoInRoom, cancellationToken)
            : await conversation.SendAsync(bot, roomId, id, post.Message, post.Attachments ?? [], cancellationToken);
        return TypedResults.Json(
            ChatReceipt.For(message),
            ApiFramesJson.Default.ChatReceipt,
            statusCode: isRepeated ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }

    public static IResult NotFound() => new ErrorAnswer(StatusCodes.Status404NotFound, "not_found", "There is no such address.");

    private async Task<bool> IsStoredAsync(int authorId, Guid clientMessageId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Messages.AnyAsync(
            message => message.AuthorId == authorId && message.ClientMessageId == clientMessageId, cancellationToken);
    }
}
