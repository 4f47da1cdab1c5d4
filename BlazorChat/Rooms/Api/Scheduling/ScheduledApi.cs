using BlazorChat.Accounts.Limits;
using BlazorChat.Channels;
using BlazorChat.Rooms.Api.Http;
using BlazorChat.Rooms.Scheduled;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Api.Scheduling;

/// <summary>The endpoints for scripts: scheduled messages of a bot. See docs/protocol.md.</summary>
internal sealed class ScheduledApi(ScheduledMessages scheduled, CommandLimit commands, IOptions<ChannelOptions> options)
{
    public async Task<IResult> PostAsync(HttpContext context, int roomId)
    {
        var post = await ReadAsync(context);
        if (post.Message is null || post.DueAt is not { } dueAt)
            throw Missing("The fields message and due_at are needed.");
        var id = post.ClientMessageId ?? Guid.NewGuid();
        await scheduled.ScheduleAsync(
            context.User,
            new NewScheduled(roomId, id, post.Message, dueAt)
            {
                Attachments = post.Attachments ?? [],
                ThreadRoot = post.Thread,
                IsInRoom = post.Thread is null || post.AlsoInRoom,
                TimeZone = post.TimeZone,
            },
            context.RequestAborted);
        return TypedResults.Json(new ApiScheduledId(id), ScheduledFramesJson.Default.ApiScheduledId, statusCode: StatusCodes.Status201Created);
    }

    public async Task<IResult> ListAsync(HttpContext context)
    {
        commands.Acquire(context.User);
        var listed = await scheduled.ListAsync(context.User, roomId: null, context.RequestAborted);
        return TypedResults.Json(ChatScheduled.From(listed), ScheduledFramesJson.Default.IReadOnlyListChatScheduled);
    }

    public async Task<IResult> ChangeAsync(HttpContext context, Guid id)
    {
        var put = await ReadAsync(context);
        if (put.Message is null && put.DueAt is null)
            throw Missing("The field message or due_at is needed.");
        await scheduled.ChangeAsync(context.User, id, put.Message, put.DueAt, put.TimeZone, context.RequestAborted);
        return TypedResults.NoContent();
    }

    public async Task<IResult> CancelAsync(HttpContext context, Guid id)
    {
        await scheduled.CancelAsync(context.User, id, context.RequestAborted);
        return TypedResults.NoContent();
    }

    public async Task<IResult> SendAsync(HttpContext context, Guid id) => TypedResults.Json(
        ChatReceipt.For(await scheduled.SendNowAsync(context.User, id, context.RequestAborted)), ScheduledFramesJson.Default.ChatReceipt);

    private Task<ApiScheduled> ReadAsync(HttpContext context) => ApiBody.ReadJsonAsync(
        context.Request, options.Value.MaxMessageLength, ScheduledFramesJson.Default.ApiScheduled, context.RequestAborted);

    private static ApiRefusedException Missing(string reason) => new(StatusCodes.Status400BadRequest, "missing_field", reason);
}
