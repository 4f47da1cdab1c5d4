using System.Text.Json.Serialization;
using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Serving;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Channels.Consumers;
using Microsoft.Net.Http.Headers;

namespace BlazorChat.Attachments.Emoji;

/// <summary>Serves the list of custom emoji and their pictures to everybody who is signed in.</summary>
internal static class EmojiEndpoints
{
    public static void MapCustomEmoji(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/emoji", ListAsync).RequireAuthorization().ForPrograms();
        endpoints.MapMethods("/emoji/{id:guid}", [HttpMethods.Get, HttpMethods.Head], ServeAsync).RequireAuthorization().ServesFiles().ForPrograms();
    }

    private static async Task<IResult> ListAsync(HttpContext context, CustomEmojiStore emoji)
    {
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Json(await emoji.ListAsync(context.RequestAborted), EmojiJson.Default.IReadOnlyListCustomEmojiView);
    }

    private static async Task<IResult> ServeAsync(HttpContext context, Guid id, AttachmentFiles files)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (await OpenAsync(context, id, files) is not { } file)
            return TypedResults.NotFound();
        context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return TypedResults.Stream(file.Content, file.ContentType, entityTag: new EntityTagHeaderValue($"\"{file.Tag}\""));
    }

    /// <summary>The small thumbnail of a picture that does not move, when it is ready.</summary>
    private static async Task<AttachmentFile?> OpenAsync(HttpContext context, Guid id, AttachmentFiles files)
    {
        if (await files.OpenAsync(context.User, id, size: null, context.RequestAborted) is not { } file)
            return null;
        if (file.ContentType != FileType.Png || await files.OpenAsync(context.User, id, ThumbnailSize.Small, context.RequestAborted) is not { } small)
            return file;
        await file.Content.DisposeAsync();
        return small;
    }
}

[JsonSerializable(typeof(IReadOnlyList<CustomEmojiView>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class EmojiJson : JsonSerializerContext;
