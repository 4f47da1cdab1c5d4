using BlazorChat.Attachments.Serving;
using BlazorChat.Channels.Consumers;

namespace BlazorChat.Rooms.Previews;

/// <summary>Serves the pictures of previews, so that readers send no request to other sites.</summary>
internal static class PreviewEndpoints
{
    public static void MapPreviews(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods("/previews/{id:guid}", [HttpMethods.Get, HttpMethods.Head], ServeAsync).RequireAuthorization().ServesFiles().ForPrograms();

    private static async Task<IResult> ServeAsync(HttpContext context, Guid id, MessagePreviews previews)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (await previews.OpenPictureAsync(context.User, id, context.RequestAborted) is not { } picture)
            return TypedResults.NotFound();
        var result = FileEndpoints.Serve(context, picture);
        // It may be removed, or its reader leave the room.
        context.Response.Headers.CacheControl = "private, no-cache";
        return result;
    }
}
