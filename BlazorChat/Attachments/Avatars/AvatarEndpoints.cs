using BlazorChat.Attachments.Serving;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Channels.Consumers;
using Microsoft.Net.Http.Headers;

namespace BlazorChat.Attachments.Avatars;

/// <summary>
/// Where people's pictures are. An address that an open page or a cache has kept leads to the picture that the person has now.
/// </summary>
internal static class AvatarEndpoints
{
    public static void MapAvatars(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods("/avatars/{personId:int}/{avatarId:guid}", [HttpMethods.Get, HttpMethods.Head], ServeAsync).RequireAuthorization().ServesFiles().ForPrograms();

    private static async Task<IResult> ServeAsync(HttpContext context, int personId, Guid avatarId, AvatarStore avatars, AttachmentFiles files)
    {
        context.Response.Headers.CacheControl = "no-store";
        // To browsers a picture that is not found is an error of the page; that somebody has none is not one.
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
