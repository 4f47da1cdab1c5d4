using BlazorChat.Accounts.Bots;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Consumers;

namespace BlazorChat.Rooms.Api.Http;

internal static class MessageApiEndpoint
{
    public static void MapMessageApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/api/rooms/{id:int}/messages", (HttpContext context, int id, MessageApi api) => api.PostAsync(context, id))
            // Only keys are accepted: another site could make a visitor's browser send the cookie.
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(BotKeyHandler.SchemeName).RequireAuthenticatedUser())
            .Admit(AdmissionKind.Request)
            .ForPrograms();
        endpoints.Map("/api/{**path}", MessageApi.NotFound).ForPrograms();
    }
}
