using BlazorChat.Channels;
using BlazorChat.Common;
using BlazorChat.Rooms.Direct;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>The endpoint for scripts: a request with a bot's key opens a direct room. See docs/bots.md.</summary>
internal sealed partial class DirectApi(DirectRooms rooms, IOptions<ChannelOptions> options, ILogger<DirectApi> logger)
{
    public async Task<IResult> PostAsync(HttpContext context)
    {
        try
        {
            return await OpenAsync(context, context.RequestAborted);
        }
        catch (ApiRefusedException refused)
        {
            return refused.Answer;
        }
        catch (RefusedException refused)
        {
            return new ErrorAnswer(refused);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(logger, exception);
            return new ErrorAnswer(StatusCodes.Status500InternalServerError, "failed", "The server failed. Post the same again.");
        }
    }

    private async Task<IResult> OpenAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var post = await ApiBody.ReadJsonAsync(context.Request, options.Value.MaxMessageLength, ApiFramesJson.Default.ApiPeople, cancellationToken);
        if (post.People is null)
            throw new ApiRefusedException(StatusCodes.Status400BadRequest, "missing_field", "The field people is missing.");
        var room = await rooms.OpenAsync(context.User, post.People, cancellationToken);
        return TypedResults.Json(
            new ApiRoom(room.RoomId),
            ApiFramesJson.Default.ApiRoom,
            statusCode: room.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    [LoggerMessage(1, LogLevel.Error, "A direct room could not be opened")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
