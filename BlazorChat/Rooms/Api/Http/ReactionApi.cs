using BlazorChat.Rooms.Reactions;
using BlazorChat.Rooms.Threads;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>The endpoints for scripts: reactions of a bot. See docs/protocol.md.</summary>
internal sealed class ReactionApi(MessageReactions reactions, ThreadDirectory threads)
{
    public async Task<IResult> SetAsync(HttpContext context, int roomId, long sequence, string emoji, bool isSet) => TypedResults.Json(
        ChatReceipt.For(await reactions.SetAsync(context.User, roomId, sequence, emoji, isSet, context.RequestAborted)), ApiFramesJson.Default.ChatReceipt);

    public async Task<IResult> SetAsync(HttpContext context, int roomId, long thread, long reply, string emoji, bool isSet) =>
        await SetAsync(context, roomId, await threads.FindSequenceAsync(roomId, thread, reply, context.RequestAborted), emoji, isSet);
}
