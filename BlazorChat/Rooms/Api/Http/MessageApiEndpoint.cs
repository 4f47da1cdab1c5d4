using BlazorChat.Accounts.Bots;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Consumers;

namespace BlazorChat.Rooms.Api.Http;

internal static class MessageApiEndpoint
{
    public static void MapMessageApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/api/rooms/{id:int}/messages", (HttpContext context, int id, MessageApi api) => api.PostAsync(context, id)).ForBots();
        endpoints.MapPost("/api/direct", (HttpContext context, DirectApi api) => api.PostAsync(context)).ForBots();
        endpoints.Map("/api/{**path}", MessageApi.NotFound).ForPrograms();
    }

    /// <summary>Only keys are accepted: another site could make a visitor's browser send the cookie.</summary>
    private static void ForBots(this RouteHandlerBuilder endpoint) => endpoint
        .RequireAuthorization(policy => policy.AddAuthenticationSchemes(BotKeyHandler.SchemeName).RequireAuthenticatedUser())
        .Admit(AdmissionKind.Request)
        .ForPrograms();
}
