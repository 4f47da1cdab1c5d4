using NetVips;

namespace BlazorChat.Attachments;

/// <summary>What a picture's header says.</summary>
/// <param name="Width">Pixels, as it is shown upright.</param>
/// <param name="Frames">1, or more when it moves.</param>
/// <param name="Orientation">EXIF's, from 1 to 8: how its pixels are turned to stand upright.</param>
internal sealed record PictureHeader(int Width, int Height, int Frames, int Orientation = 1)
{
    public long Pixels => (long)Width * Height;
}

/// <summary>
/// Reads pictures that strangers made. libvips may use its readers of JPEG, PNG, GIF and WebP only, and decodes nothing that is too
/// large to be meant well. What comes out is made anew: upright, in sRGB, and without anything that was written into the picture.
/// </summary>
internal static class Pictures
{
    /// <summary>Of one frame.</summary>
    public const long MaxPixels = 100_000_000;

    /// <summary>Of all frames together: a picture that moves and has more stands still.</summary>
    public const long MaxMovingPixels = 25_000_000;

    /// <summary>Of pictures that get a preview at once; larger ones are decoded by the worker alone.</summary>
    private const long MaxPreviewPixels = 25_000_000;

    private const int PreviewWidth = 24;

    /// <summary>EXIF's orientations from here on have width and height exchanged.</summary>
    private const int FirstOnItsSide = 5;

    static Pictures()
    {
        NetVips.NetVips.BlockUntrusted = true;
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        Operation.Block("VipsForeignLoad", true);
        foreach (var reader in new[] { "VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadNsgif", "VipsForeignLoadWebp" })
            Operation.Block(reader, false);
    }

    /// <summary>What the header says, without decoding; null when it is no picture, or one of more than <see cref="MaxPixels"/>.</summary>
    public static PictureHeader? ReadHeader(Stream content)
    {
        try
        {
            using var image = Image.NewFromStream(content, access: Enums.Access.Sequential);
            var frames = image.Contains("n-pages") ? Convert.ToInt32(image.Get("n-pages"), null) : 1;
            var orientation = OrientationOf(image);
            var header = orientation >= FirstOnItsSide
                ? new PictureHeader(image.Height, image.Width, frames, orientation)
                : new PictureHeader(image.Width, image.Height, frames, orientation);
            return header.Pixels <= MaxPixels ? header : null;
        }
        catch (VipsException)
        {
            return null;
        }
    }

    /// <summary>A few pixels of it as a data URI, or empty where that would take long or cannot be done.</summary>
    public static string MakePreview(Stream content, PictureHeader header)
    {
        if (header.Pixels > MaxPreviewPixels)
            return "";
        try
        {
            using var preview = Image.ThumbnailStream(content, PreviewWidth, height: PreviewWidth, size: Enums.Size.Down, outputProfile: "srgb");
            return $"data:image/webp;base64,{Convert.ToBase64String(preview.WebpsaveBuffer(q: 40, effort: 4, keep: Enums.ForeignKeep.None))}";
        }
        catch (VipsException)
        {
            return "";
        }
    }

    /// <summary>The thumbnail as a WebP, which moves when the picture does and is small enough.</summary>
    /// <exception cref="VipsException">It cannot be read to its end.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; decoding has ended.</exception>
    public static byte[] MakeThumbnail(Stream content, PictureHeader header, ThumbnailSize size, CancellationToken cancellationToken)
    {
        var isMoving = header.Frames > 1 && header.Pixels * header.Frames <= MaxMovingPixels;
        using var thumbnail = Image.ThumbnailStream(
            content,
            size.Width,
            // What libvips is told beside does not reach its readers.
            optionString: isMoving ? "[n=-1,fail_on=truncated]" : "[fail_on=truncated]",
            height: size.MaxHeight,
            size: Enums.Size.Down,
            outputProfile: "srgb",
            failOn: Enums.FailOn.Truncated);
        using var cancelled = cancellationToken.Register(() => thumbnail.SetKill(true));
        try
        {
            return thumbnail.WebpsaveBuffer(q: 80, effort: 4, keep: Enums.ForeignKeep.None);
        }
        catch (VipsException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private static int OrientationOf(Image image) =>
        image.Contains("orientation") && Convert.ToInt32(image.Get("orientation"), null) is >= 1 and <= 8 and var orientation ? orientation : 1;
}
