using BlazorChat.Accounts.Limits;
using BlazorChat.Channels;
using BlazorChat.Rooms.Api.Http;
using BlazorChat.Rooms.Reminders;
using BlazorChat.Rooms.Threads;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Api.Scheduling;

/// <summary>The endpoints for scripts: reminders of a bot. See docs/protocol.md.</summary>
internal sealed class ReminderApi(MessageReminders reminders, ThreadDirectory threads, CommandLimit commands, IOptions<ChannelOptions> options)
{
    public async Task<IResult> PostAsync(HttpContext context)
    {
        var (body, dueAt) = await ReadAsync(context);
        if (body.Text is null)
            throw Missing("The field text is missing.");
        await reminders.RemindAsync(context.User, body.ClientId ?? Guid.NewGuid(), body.Text, dueAt, body.TimeZone, context.RequestAborted);
        return TypedResults.NoContent();
    }

    public async Task<IResult> PostAsync(HttpContext context, int roomId, long sequence)
    {
        var (body, dueAt) = await ReadAsync(context);
        await reminders.RemindAsync(context.User, roomId, sequence, dueAt, body.TimeZone, context.RequestAborted);
        return TypedResults.NoContent();
    }

    public async Task<IResult> PostAsync(HttpContext context, int roomId, long thread, long reply) =>
        await PostAsync(context, roomId, await threads.FindSequenceAsync(roomId, thread, reply, context.RequestAborted));

    public async Task<IResult> ListAsync(HttpContext context)
    {
        commands.Acquire(context.User);
        var listed = ChatReminder.From(await reminders.ListAsync(context.User, context.RequestAborted));
        return TypedResults.Json(listed, ScheduledFramesJson.Default.IReadOnlyListChatReminder);
    }

    public async Task<IResult> SnoozeAsync(HttpContext context, long id)
    {
        var (body, dueAt) = await ReadAsync(context);
        await reminders.SnoozeAsync(context.User, id, dueAt, body.TimeZone, context.RequestAborted);
        return TypedResults.NoContent();
    }

    public async Task<IResult> EndAsync(HttpContext context, long id)
    {
        await reminders.EndAsync(context.User, id, context.RequestAborted);
        return TypedResults.NoContent();
    }

    private async Task<(ApiReminder Body, DateTimeOffset DueAt)> ReadAsync(HttpContext context)
    {
        var body = await ApiBody.ReadJsonAsync(
            context.Request, options.Value.MaxMessageLength, ScheduledFramesJson.Default.ApiReminder, context.RequestAborted);
        return (body, body.DueAt ?? throw Missing("The field due_at is missing."));
    }

    private static ApiRefusedException Missing(string reason) => new(StatusCodes.Status400BadRequest, "missing_field", reason);
}
