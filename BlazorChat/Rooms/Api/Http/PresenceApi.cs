using BlazorChat.Rooms.Members;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>The endpoint for scripts: a request with a bot's key lists who of a room is connected. See docs/protocol.md.</summary>
internal sealed class PresenceApi(RoomPresence presence)
{
    public async Task<IResult> GetAsync(HttpContext context, int roomId)
    {
        var people = ChatPresence.From(await presence.ListAsync(context.User, roomId, context.RequestAborted));
        return TypedResults.Json(people, ApiFramesJson.Default.IReadOnlyListChatPresence);
    }
}
