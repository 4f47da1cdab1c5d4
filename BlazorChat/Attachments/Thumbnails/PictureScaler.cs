using BlazorChat.Attachments.Files;
using NetVips;

namespace BlazorChat.Attachments.Thumbnails;

/// <summary>A picture that was decoded, scaled and encoded again.</summary>
/// <param name="WebP">Its bytes, without anything that was written into the picture.</param>
/// <param name="Width">Pixels.</param>
internal sealed record ScaledPicture(byte[] WebP, int Width, int Height);

/// <summary>Scales pictures that are no attachments. It trusts nothing in them but their pixels.</summary>
internal sealed class PictureScaler(DecodingMemory memory)
{
    /// <summary>Scales a picture to fit; one that moves stands still.</summary>
    /// <returns>Null for what is no picture, or one that cannot be decoded within the limits.</returns>
    public async Task<ScaledPicture?> ScaleAsync(byte[] content, ThumbnailSize size, CancellationToken cancellationToken)
    {
        if (!FileType.IsPicture(FileType.Of(content.AsSpan(0, Math.Min(content.Length, FileType.HeadLength)))))
            return null;
        PictureHeader? header;
        using (await memory.EnterAsync(content.Length, cancellationToken))
            header = Pictures.ReadHeader(new MemoryStream(content));
        if (header is null || header.Width < 1 || header.Height < 1 || !header.CanBeDecoded(memory.Capacity))
            return null;
        using var entry = await memory.EnterAsync(content.Length + header.Memory, cancellationToken);
        try
        {
            var webP = await Task.Run(
                () => Pictures.MakeThumbnail(new MemoryStream(content), header with { Frames = 1 }, size, cancellationToken), cancellationToken);
            var (width, height) = size.Fit(header.Width, header.Height);
            return new ScaledPicture(webP, width, height);
        }
        catch (VipsException)
        {
            return null;
        }
    }
}
