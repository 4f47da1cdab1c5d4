using BlazorChat.Accounts.Bots;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Consumers;

namespace BlazorChat.Rooms.Api.Http;

internal static class MessageApiEndpoint
{
    public static void MapMessageApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/api/rooms/{id:int}/messages", (HttpContext context, int id, MessageApi api) => api.PostAsync(context, id)).ForBots();
        endpoints.MapGet("/api/rooms/{id:int}/messages", (HttpContext context, int id, DateTimeOffset? at, long? after, MessagesApi api) => api.ListAsync(context, id, at, after)).ForBots();
        endpoints.MapGet("/api/rooms", (HttpContext context, RoomsApi api) => api.ListAsync(context)).ForBots();
        endpoints.MapGet("/api/mentions", (HttpContext context, RoomsApi api) => api.ListMentionsAsync(context)).ForBots();
        endpoints.MapPost("/api/rooms/{id:int}/read", (HttpContext context, int id, RoomsApi api) => api.MarkReadAsync(context, id)).ForBots();
        endpoints.MapPost("/api/rooms/{id:int}/unread", (HttpContext context, int id, RoomsApi api) => api.MarkUnreadAsync(context, id)).ForBots();
        endpoints.MapGet("/api/rooms/{id:int}/presence", (HttpContext context, int id, PresenceApi api) => api.GetAsync(context, id)).ForBots();
        endpoints.MapGet("/api/threads", (HttpContext context, DateTime? before_time, long? before_id, ThreadApi api) => api.ListAsync(context, before_time, before_id)).ForBots();
        endpoints.MapPost("/api/rooms/{id:int}/threads/{thread:long}/read", (HttpContext context, int id, long thread, ThreadApi api) => api.MarkReadAsync(context, id, thread))
            .ForBots();
        foreach (var isSet in new[] { true, false })
        {
            string[] method = [isSet ? HttpMethods.Put : HttpMethods.Delete];
            endpoints.MapMethods(
                "/api/rooms/{id:int}/messages/{sequence:long}/reactions/{emoji}",
                method,
                (HttpContext context, int id, long sequence, string emoji, ReactionApi api) => api.SetAsync(context, id, sequence, emoji, isSet)).ForBots();
            endpoints.MapMethods(
                "/api/rooms/{id:int}/threads/{thread:long}/replies/{reply:long}/reactions/{emoji}",
                method,
                (HttpContext context, int id, long thread, long reply, string emoji, ReactionApi api) => api.SetAsync(context, id, thread, reply, emoji, isSet)).ForBots();
            endpoints.MapMethods(
                "/api/rooms/{id:int}/messages/{sequence:long}/pin",
                method,
                (HttpContext context, int id, long sequence, PinApi api) => api.SetAsync(context, id, sequence, isSet)).ForBots();
            endpoints.MapMethods(
                "/api/rooms/{id:int}/threads/{thread:long}/replies/{reply:long}/pin",
                method,
                (HttpContext context, int id, long thread, long reply, PinApi api) => api.SetAsync(context, id, thread, reply, isSet)).ForBots();
        }

        const string vote = "/api/rooms/{id:int}/messages/{sequence:long}/vote";
        endpoints.MapGet(vote, (HttpContext context, int id, long sequence, PollApi api) => api.GetVoteAsync(context, id, sequence)).ForBots();
        endpoints.MapPut(vote, (HttpContext context, int id, long sequence, PollApi api) => api.VoteAsync(context, id, sequence)).ForBots();
        endpoints.MapDelete(vote, (HttpContext context, int id, long sequence, PollApi api) => api.WithdrawAsync(context, id, sequence)).ForBots();
        endpoints.MapPost("/api/rooms/{id:int}/messages/{sequence:long}/end", (HttpContext context, int id, long sequence, PollApi api) =>
            api.EndAsync(context, id, sequence)).ForBots();
        endpoints.MapDelete(
            "/api/rooms/{id:int}/messages/{sequence:long}/previews/{preview:guid?}",
            (HttpContext context, int id, long sequence, Guid? preview, MessageApi api) => api.RemovePreviewAsync(context, id, sequence, preview)).ForBots();
        endpoints.MapDelete(
            "/api/rooms/{id:int}/threads/{thread:long}/replies/{reply:long}/previews/{preview:guid?}",
            (HttpContext context, int id, long thread, long reply, Guid? preview, MessageApi api) => api.RemovePreviewAsync(context, id, thread, reply, preview)).ForBots();
        endpoints.MapGet("/api/rooms/{id:int}/pins", (HttpContext context, int id, PinApi api) => api.ListAsync(context, id)).ForBots();
        endpoints.MapGet("/api/rooms/{id:int}/messages/{sequence:long}/versions", (HttpContext context, int id, long sequence, long? before, VersionsApi api) =>
            api.ListAsync(context, id, sequence, before)).ForBots();
        endpoints.MapGet("/api/rooms/{id:int}/threads/{thread:long}/{reply:long}/versions", (HttpContext context, int id, long thread, long reply, long? before, VersionsApi api) =>
            api.ListOfReplyAsync(context, id, thread, reply, before)).ForBots();
        endpoints.MapGet("/api/search", (HttpContext context, SearchApi api) => api.GetAsync(context)).ForBots();
        endpoints.MapPost("/api/direct", (HttpContext context, DirectApi api) => api.PostAsync(context)).ForBots();
        endpoints.Map("/api/{**path}", MessageApi.NotFound).ForPrograms();
    }

    /// <summary>Only keys are accepted: another site could make a visitor's browser send the cookie.</summary>
    internal static void ForBots(this RouteHandlerBuilder endpoint) => endpoint
        .AddEndpointFilter<ApiErrors>()
        .RequireAuthorization(policy => policy.AddAuthenticationSchemes(BotKeyHandler.SchemeName).RequireAuthenticatedUser())
        .Admit(AdmissionKind.Request)
        .ForPrograms();
}
