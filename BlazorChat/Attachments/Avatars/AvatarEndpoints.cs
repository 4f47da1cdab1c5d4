using BlazorChat.Attachments.Serving;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Channels.Consumers;
using Microsoft.Net.Http.Headers;

namespace BlazorChat.Attachments.Avatars;

/// <summary>
/// Serves the pictures of people. The address of an older picture redirects to the current one.
/// </summary>
internal static class AvatarEndpoints
{
    public static void MapAvatars(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods("/avatars/{personId:int}/{avatarId:guid}", [HttpMethods.Get, HttpMethods.Head], ServeAsync).RequireAuthorization().ServesFiles().ForPrograms();

    private static async Task<IResult> ServeAsync(HttpContext context, int personId, Guid avatarId, AvatarStore avatars, AttachmentFiles files)
    {
        context.Response.Headers.CacheControl = "no-store";
        // A browser logs 404 as an error of the page, but a person without a picture is no error.
        if (await avatars.FindAsync(personId, context.RequestAborted) is not { } current)
            return TypedResults.NoContent();
        if (current != avatarId)
            return TypedResults.LocalRedirect($"~/{Avatar.AddressOf(personId, current)}");
        if (await files.OpenAsync(context.User, current, ThumbnailSize.Small, context.RequestAborted) is not { } file)
            return TypedResults.NoContent();
        context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return TypedResults.Stream(file.Content, file.ContentType, entityTag: new EntityTagHeaderValue($"\"{file.Tag}\""));
    }
}
