using System.Text.Json.Serialization;
using BlazorChat.Channels;
using BlazorChat.Rooms.Api.Http;
using BlazorChat.Rooms.Bots;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Api.Bots;

/// <summary>The body of a put that declares the commands of a bot.</summary>
internal sealed record ApiCommands(IReadOnlyList<ChatBotCommand>? Commands);

/// <summary>The endpoints for scripts: commands of a bot, and its calls. See docs/bots.md.</summary>
internal sealed class BotApi(BotCommands commands, IOptions<ChannelOptions> options)
{
    public async Task<IResult> PutAsync(HttpContext context)
    {
        var put = await ApiBody.ReadJsonAsync(context.Request, options.Value.MaxMessageLength, BotFramesJson.Default.ApiCommands, context.RequestAborted);
        if (put.Commands is null)
            throw new ApiRefusedException(StatusCodes.Status400BadRequest, "missing_field", "The field commands is missing.");
        await commands.SetAsync(context.User, ChatBotCommand.Read(put.Commands), context.RequestAborted);
        return TypedResults.NoContent();
    }

    public async Task<IResult> ListAsync(HttpContext context) => TypedResults.Json(
        ChatBotCommand.From(await commands.ListAsync(context.User, context.RequestAborted)), BotFramesJson.Default.IReadOnlyListChatBotCommand);

    public async Task<IResult> ListCallsAsync(HttpContext context, long? after) => TypedResults.Json(
        ChatCall.From(await commands.ListCallsAsync(context.User, after ?? 0, context.RequestAborted)), BotFramesJson.Default.IReadOnlyListChatCall);

    public async Task<IResult> AcknowledgeAsync(HttpContext context, long id)
    {
        await commands.AcknowledgeAsync(context.User, id, context.RequestAborted);
        return TypedResults.NoContent();
    }
}

internal static class BotApiEndpoint
{
    public static void MapBotApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPut("/api/commands", (HttpContext context, BotApi api) => api.PutAsync(context)).ForBots();
        endpoints.MapGet("/api/commands", (HttpContext context, BotApi api) => api.ListAsync(context)).ForBots();
        endpoints.MapGet("/api/calls", (HttpContext context, long? after, BotApi api) => api.ListCallsAsync(context, after)).ForBots();
        endpoints.MapDelete("/api/calls/{id:long}", (HttpContext context, long id, BotApi api) => api.AcknowledgeAsync(context, id)).ForBots();
    }
}

[JsonSerializable(typeof(ApiCommands))]
[JsonSerializable(typeof(IReadOnlyList<ChatBotCommand>))]
[JsonSerializable(typeof(IReadOnlyList<ChatCall>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class BotFramesJson : JsonSerializerContext;
