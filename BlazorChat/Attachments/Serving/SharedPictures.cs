using System.Security.Claims;
using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Channels.Consumers;
using NetVips;

namespace BlazorChat.Attachments.Serving;

/// <summary>
/// The large thumbnails of pictures as JPEG, for other sites, of which many show no WebP. Each is made from the thumbnail when it is
/// first asked for, one at a time on a node, and stored beside it.
/// </summary>
internal sealed class SharedPictures(AttachmentFiles files, IAttachmentStore store) : IDisposable
{
    private const string ContentType = "image/jpeg";

    private const int Quality = 85;

    private readonly SemaphoreSlim _making = new(1);

    private static string Variant => $"{ThumbnailSize.Large.Width}.jpg";

    /// <returns>Null when there is none that this person may see. The caller disposes its content.</returns>
    public async Task<AttachmentFile?> OpenAsync(ClaimsPrincipal reader, Guid id, CancellationToken cancellationToken)
    {
        if (await files.OpenAsync(reader, id, ThumbnailSize.Large, cancellationToken) is not { } thumbnail)
            return null;
        await using var content = thumbnail.Content;
        var hash = Convert.FromHexString(thumbnail.Tag.AsSpan(0, thumbnail.Tag.IndexOf('.', StringComparison.Ordinal)));
        if (store.OpenRead(hash, Variant) is not { } made)
        {
            await _making.WaitAsync(cancellationToken);
            try
            {
                made = store.OpenRead(hash, Variant) ?? await MakeAsync(hash, content, cancellationToken);
            }
            finally
            {
                _making.Release();
            }
        }

        return thumbnail with
        {
            Content = made,
            ContentType = ContentType,
            Name = $"{Path.GetFileNameWithoutExtension(thumbnail.Name)}.jpg",
            Tag = $"{thumbnail.Tag}.jpg",
        };
    }

    public void Dispose() => _making.Dispose();

    private async Task<Stream> MakeAsync(byte[] hash, Stream thumbnail, CancellationToken cancellationToken)
    {
        var jpeg = await Task.Run(() => Encode(thumbnail), cancellationToken);
        await store.WriteVariantAsync(hash, Variant, jpeg, cancellationToken);
        return new MemoryStream(jpeg);
    }

    /// <summary>Its first frame, on white where it is transparent.</summary>
    private static byte[] Encode(Stream thumbnail)
    {
        using var picture = Image.NewFromStream(thumbnail);
        using var opaque = picture.HasAlpha() ? picture.Flatten(background: [255]) : picture.Copy();
        return opaque.JpegsaveBuffer(q: Quality, keep: Enums.ForeignKeep.None);
    }
}

internal static class SharedPictureEndpoint
{
    public static void MapSharedPictures(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods($"/attachments/{{id:guid}}/{ThumbnailSize.Large.Width}.jpg", [HttpMethods.Get, HttpMethods.Head], ServeAsync)
            .ServesFiles().ForPrograms();

    private static async Task<IResult> ServeAsync(HttpContext context, Guid id, SharedPictures pictures) =>
        await pictures.OpenAsync(context.User, id, context.RequestAborted) is { } file ? FileEndpoints.Serve(context, file) : TypedResults.NotFound();
}
