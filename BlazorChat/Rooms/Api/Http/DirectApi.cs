using BlazorChat.Channels;
using BlazorChat.Rooms.Direct;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>The endpoint for scripts: a request with a bot's key opens a direct room. See docs/bots.md.</summary>
internal sealed class DirectApi(DirectRooms rooms, IOptions<ChannelOptions> options)
{
    public async Task<IResult> PostAsync(HttpContext context)
    {
        var post = await ApiBody.ReadJsonAsync(context.Request, options.Value.MaxMessageLength, ApiFramesJson.Default.ApiPeople, context.RequestAborted);
        if (post.People is null)
            throw new ApiRefusedException(StatusCodes.Status400BadRequest, "missing_field", "The field people is missing.");
        var room = await rooms.OpenAsync(context.User, post.People, context.RequestAborted);
        return TypedResults.Json(
            new ApiRoom(room.RoomId),
            ApiFramesJson.Default.ApiRoom,
            statusCode: room.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }
}
