using BlazorChat.Accounts.Limits;
using BlazorChat.Rooms.Pins;
using BlazorChat.Rooms.Threads;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>The endpoints for scripts: pinned messages. See docs/protocol.md.</summary>
internal sealed class PinApi(MessagePins pins, ThreadDirectory threads, CommandLimit commands)
{
    public async Task<IResult> ListAsync(HttpContext context, int roomId)
    {
        commands.Acquire(context.User);
        var pinned = await pins.ListAsync(context.User, roomId, context.RequestAborted);
        return TypedResults.Json(ChatMessage.From(pinned), ApiFramesJson.Default.IReadOnlyListChatMessage);
    }

    public async Task<IResult> SetAsync(HttpContext context, int roomId, long sequence, bool isSet) => TypedResults.Json(
        ChatReceipt.For(await pins.SetAsync(context.User, roomId, sequence, isSet, context.RequestAborted)), ApiFramesJson.Default.ChatReceipt);

    public async Task<IResult> SetAsync(HttpContext context, int roomId, long thread, long reply, bool isSet) =>
        await SetAsync(context, roomId, await threads.FindSequenceAsync(roomId, thread, reply, context.RequestAborted), isSet);
}
