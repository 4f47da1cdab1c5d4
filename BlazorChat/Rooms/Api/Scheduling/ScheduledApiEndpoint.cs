using BlazorChat.Rooms.Api.Http;

namespace BlazorChat.Rooms.Api.Scheduling;

internal static class ScheduledApiEndpoint
{
    public static void MapScheduledApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/api/rooms/{id:int}/scheduled", (HttpContext context, int id, ScheduledApi api) => api.PostAsync(context, id)).ForBots();
        endpoints.MapPost("/api/rooms/{id:int}/messages/{sequence:long}/reminder", (HttpContext context, int id, long sequence, ReminderApi api) =>
            api.PostAsync(context, id, sequence)).ForBots();
        endpoints.MapPost("/api/rooms/{id:int}/threads/{thread:long}/replies/{reply:long}/reminder", (HttpContext context, int id, long thread, long reply, ReminderApi api) =>
            api.PostAsync(context, id, thread, reply)).ForBots();
        endpoints.MapPost("/api/reminders", (HttpContext context, ReminderApi api) => api.PostAsync(context)).ForBots();
        endpoints.MapGet("/api/reminders", (HttpContext context, ReminderApi api) => api.ListAsync(context)).ForBots();
        endpoints.MapPut("/api/reminders/{reminder:long}", (HttpContext context, long reminder, ReminderApi api) => api.SnoozeAsync(context, reminder)).ForBots();
        endpoints.MapDelete("/api/reminders/{reminder:long}", (HttpContext context, long reminder, ReminderApi api) => api.EndAsync(context, reminder)).ForBots();
        endpoints.MapGet("/api/scheduled", (HttpContext context, ScheduledApi api) => api.ListAsync(context)).ForBots();
        endpoints.MapPut("/api/scheduled/{message:guid}", (HttpContext context, Guid message, ScheduledApi api) => api.ChangeAsync(context, message)).ForBots();
        endpoints.MapDelete("/api/scheduled/{message:guid}", (HttpContext context, Guid message, ScheduledApi api) => api.CancelAsync(context, message)).ForBots();
        endpoints.MapPost("/api/scheduled/{message:guid}/send", (HttpContext context, Guid message, ScheduledApi api) => api.SendAsync(context, message)).ForBots();
    }
}
