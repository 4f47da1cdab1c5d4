using BlazorChat.Accounts.Rights;
using Microsoft.Net.Http.Headers;

namespace BlazorChat.Attachments.Serving;

/// <summary>Marks an endpoint that serves uploaded files: its content security policy lets a browser run nothing in them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ServesFilesAttribute : Attribute;

internal static class FileEndpoints
{
    /// <summary>An editor can withdraw it: shared caches ask again after a minute, and are answered without the bytes while it is there.</summary>
    private const string CachedByEverybody = "public, max-age=60, must-revalidate";

    private const string CachedByReader = "private, max-age=31536000, immutable";

    /// <summary>Marks an endpoint that gives out what people uploaded, with caching headers of its own.</summary>
    public static TBuilder ServesFiles<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ServesFilesAttribute(), new CacheableEndpointAttribute());

    /// <param name="file">Its content is disposed with the response.</param>
    public static IResult Serve(HttpContext context, AttachmentFile file)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = file.IsForEverybody ? CachedByEverybody : CachedByReader;
        var disposition = new ContentDispositionHeaderValue(file.IsShown ? "inline" : "attachment");
        disposition.SetHttpFileName(file.Name);
        headers.ContentDisposition = disposition.ToString();
        return TypedResults.Stream(
            file.Content, file.ContentType, entityTag: new EntityTagHeaderValue($"\"{file.Tag}\""), enableRangeProcessing: true);
    }
}
