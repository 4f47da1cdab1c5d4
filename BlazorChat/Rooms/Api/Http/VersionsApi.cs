using BlazorChat.Rooms.Messages.Versions;
using BlazorChat.Rooms.Threads;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>The endpoints for scripts: the earlier texts of edited messages. See docs/protocol.md.</summary>
internal sealed class VersionsApi(EditHistory history, ThreadDirectory threads)
{
    public async Task<IResult> ListAsync(HttpContext context, int roomId, long sequence, long? before)
    {
        var versions = await history.ReadAsync(context.User, roomId, sequence, before, context.RequestAborted);
        return TypedResults.Json(ChatVersion.From(versions), ApiFramesJson.Default.IReadOnlyListChatVersion);
    }

    public async Task<IResult> ListOfReplyAsync(HttpContext context, int roomId, long thread, long reply, long? before) =>
        await ListAsync(context, roomId, await threads.FindSequenceAsync(roomId, thread, reply, context.RequestAborted), before);
}
