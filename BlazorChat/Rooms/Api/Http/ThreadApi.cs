using BlazorChat.Accounts.Limits;
using BlazorChat.Channels;
using BlazorChat.Rooms.Threads;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>The endpoints for scripts: the threads that a bot follows, and how far it has read them. See docs/protocol.md.</summary>
internal sealed class ThreadApi(ThreadDirectory threads, ThreadFollows follows, CommandLimit commands, IOptions<ChannelOptions> options)
{
    public async Task<IResult> ListAsync(HttpContext context, DateTime? beforeTime, long? beforeId)
    {
        commands.Acquire(context.User);
        (DateTime, long)? before = beforeTime is { } time ? (time.ToUniversalTime(), beforeId ?? 0) : null;
        var followed = await threads.ListAsync(context.User, before, context.RequestAborted);
        return TypedResults.Json(ChatThread.From(followed), ApiFramesJson.Default.IReadOnlyListChatThread);
    }

    public async Task<IResult> MarkReadAsync(HttpContext context, int roomId, long thread)
    {
        var post = await ApiBody.ReadJsonAsync(context.Request, options.Value.MaxMessageLength, ApiFramesJson.Default.ApiRead, context.RequestAborted);
        if (post.Reply is not { } reply)
            throw new ApiRefusedException(StatusCodes.Status400BadRequest, "missing_field", "The field reply is missing.");
        await follows.MarkReadAsync(context.User, roomId, thread, reply, context.RequestAborted);
        return TypedResults.NoContent();
    }
}
