using BlazorChat.Accounts.Rights;
using BlazorChat.Channels;
using BlazorChat.Data;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Polls;
using BlazorChat.Rooms.Previews;
using BlazorChat.Rooms.Threads;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>The endpoints for scripts: a request with a bot's key sends one message, or removes previews of its links. See docs/bots.md.</summary>
internal sealed class MessageApi(
    Conversation conversation,
    RoomPolls polls,
    MessagePreviews previews,
    ThreadDirectory threads,
    IDbContextFactory<ChatDbContext> databases,
    IOptions<ChannelOptions> options)
{
    public async Task<IResult> PostAsync(HttpContext context, int roomId)
    {
        var (bot, cancellationToken) = (context.User, context.RequestAborted);
        var post = await ApiBody.ReadAsync(context.Request, options.Value.MaxMessageLength, cancellationToken);
        if (post.Message is null)
            throw new ApiRefusedException(StatusCodes.Status400BadRequest, "missing_field", "The field message is missing.");
        var isRepeated = post.ClientMessageId is { } known && await IsStoredAsync(bot.UserId, known, cancellationToken);
        var id = post.ClientMessageId ?? Guid.NewGuid();
        var message = post switch
        {
            { Poll: { } poll } => await polls.SendAsync(
                bot, roomId, id, post.Message, poll.ToDraft(post is { Thread: not null } or { Attachments.Count: > 0 }), cancellationToken),
            { Thread: { } thread } => await conversation.ReplyAsync(
                bot, roomId, thread, id, post.Message, post.Attachments ?? [], post.AlsoInRoom, cancellationToken),
            _ => await conversation.SendAsync(bot, roomId, id, post.Message, post.Attachments ?? [], cancellationToken),
        };
        return TypedResults.Json(
            ChatReceipt.For(message),
            ApiFramesJson.Default.ChatReceipt,
            statusCode: isRepeated ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }

    /// <param name="previewId">Null for all.</param>
    public async Task<IResult> RemovePreviewAsync(HttpContext context, int roomId, long sequence, Guid? previewId) => TypedResults.Json(
        ChatReceipt.For(await previews.RemoveAsync(context.User, roomId, sequence, previewId, context.RequestAborted)), ApiFramesJson.Default.ChatReceipt);

    public async Task<IResult> RemovePreviewAsync(HttpContext context, int roomId, long thread, long reply, Guid? previewId) =>
        await RemovePreviewAsync(context, roomId, await threads.FindSequenceAsync(roomId, thread, reply, context.RequestAborted), previewId);

    public static IResult NotFound() => new ErrorAnswer(StatusCodes.Status404NotFound, "not_found", "There is no such address.");

    private async Task<bool> IsStoredAsync(int authorId, Guid clientMessageId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Messages.AnyAsync(
            message => message.AuthorId == authorId && message.ClientMessageId == clientMessageId, cancellationToken);
    }
}
