using BlazorChat.Attachments.Files;
using NetVips;

namespace BlazorChat.Attachments.Thumbnails;

/// <summary>The header of a picture.</summary>
/// <param name="Width">Pixels, as it is shown upright.</param>
/// <param name="Frames">1, or more when it moves.</param>
/// <param name="Orientation">EXIF's, from 1 to 8: how its pixels are turned to stand upright.</param>
/// <param name="Memory">Bytes that decoding it holds at once: of an interlaced picture all, of others some rows.</param>
/// <param name="MaxPixels">Pixels of the largest frame of its format that is decoded.</param>
internal sealed record PictureHeader(int Width, int Height, int Frames, int Orientation = 1, long Memory = 0, long MaxPixels = Pictures.MaxPixels)
{
    public long Pixels => (long)Width * Height;

    /// <param name="maxMemory">Bytes.</param>
    public bool CanBeDecoded(long maxMemory) => Pixels <= MaxPixels && Memory <= maxMemory;
}

/// <summary>
/// Reads untrusted pictures. libvips may use its readers of JPEG, PNG, GIF and WebP only. The output is encoded again:
/// upright, in sRGB, and without anything that was written into the picture.
/// </summary>
internal static class Pictures
{
    /// <summary>Of one frame.</summary>
    public const long MaxPixels = 100_000_000;

    /// <summary>Of a JPEG, which is scaled while it is read: phones produce 200 million pixels.</summary>
    public const long MaxJpegPixels = 250_000_000;

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
        // A damaged picture would write a line for each of its rows to standard error.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, (_, _, _) => { });
    }

    /// <summary>Reads the header without decoding; null for what is not a picture.</summary>
    public static PictureHeader? ReadHeader(Stream content)
    {
        try
        {
            using var image = Image.NewFromStream(content, access: Enums.Access.Sequential);
            var frames = image.Contains("n-pages") ? Convert.ToInt32(image.Get("n-pages"), null) : 1;
            var orientation = OrientationOf(image);
            var (width, height) = orientation >= FirstOnItsSide ? (image.Height, image.Width) : (image.Width, image.Height);
            return new PictureHeader(width, height, frames, orientation, MemoryOf(image), IsJpeg(image) ? MaxJpegPixels : MaxPixels);
        }
        catch (VipsException)
        {
            return null;
        }
    }

    /// <summary>The same picture in the same format, decoded and encoded: nothing is in it but pixels and the profile of their colours.</summary>
    /// <remarks>It is stored as before, so it needs the same orientation.</remarks>
    /// <exception cref="VipsException">It cannot be decoded, or all its frames have more than <see cref="MaxPixels"/>.</exception>
    public static byte[] EncodeAgain(Stream content, string type, PictureHeader header)
    {
        if (header.Frames > 1 && header.Pixels * header.Frames > MaxPixels)
            throw new VipsException("The picture has too many frames.");
        using var image = Image.NewFromStream(content, header.Frames > 1 ? "[n=-1]" : "", Enums.Access.Sequential);
        return type switch
        {
            FileType.Jpeg => image.JpegsaveBuffer(q: 92, keep: Enums.ForeignKeep.Icc),
            FileType.Png => image.PngsaveBuffer(keep: Enums.ForeignKeep.Icc),
            FileType.WebP => image.WebpsaveBuffer(q: 92, keep: Enums.ForeignKeep.Icc),
            FileType.Gif => image.GifsaveBuffer(keep: Enums.ForeignKeep.None),
            _ => throw new VipsException($"Nothing encodes {type}."),
        };
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
            // The other options of libvips do not reach its readers.
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

    /// <summary>A square PNG with the first frame of the picture in its middle.</summary>
    /// <param name="size">Pixels of a side.</param>
    /// <param name="share">Of the side that the picture fills.</param>
    /// <param name="isOpaque">Whether the square is white; otherwise it is transparent.</param>
    /// <exception cref="VipsException">It cannot be read to its end.</exception>
    public static byte[] MakeIcon(Stream content, int size, double share, bool isOpaque)
    {
        var inner = Math.Max(1, (int)Math.Round(size * share));
        using var scaled = Image.ThumbnailStream(
            content, inner, optionString: "[fail_on=truncated]", height: inner, size: Enums.Size.Both, outputProfile: "srgb", failOn: Enums.FailOn.Truncated);
        using var color = scaled.Colourspace(Enums.Interpretation.Srgb);
        using var whole = color.HasAlpha() ? color.Copy() : color.Bandjoin(255);
        using var square = whole.Gravity(Enums.CompassDirection.Centre, size, size, extend: Enums.Extend.Background, background: [0, 0, 0, 0]);
        using var icon = isOpaque ? square.Flatten(background: [255]) : square.Copy();
        return icon.PngsaveBuffer(keep: Enums.ForeignKeep.None);
    }

    /// <summary>The readers of GIF and WebP hold whole frames, those of PNG and JPEG some rows, unless each row is spread over the file.</summary>
    private static long MemoryOf(Image image)
    {
        var pixels = (long)image.Width * image.Height;
        var isInterlaced = IsSet(image, "interlaced") || IsSet(image, "jpeg-multiscan");
        var bytes = image.Format is Enums.BandFormat.Ushort ? 2 : 1;
        return LoaderOf(image) switch
        {
            // Its coefficients, of two bytes each.
            "jpeg" when isInterlaced => pixels * image.Bands * sizeof(short),
            "png" when isInterlaced => pixels * image.Bands * bytes,
            "jpeg" or "png" => 0,
            _ => pixels * 4 * 2,
        };
    }

    private static bool IsSet(Image image, string field) => image.Contains(field) && Convert.ToInt32(image.Get(field), null) != 0;

    private static bool IsJpeg(Image image) => LoaderOf(image) == "jpeg";

    /// <summary>The format that libvips has read.</summary>
    private static string LoaderOf(Image image)
    {
        var loader = image.Get("vips-loader") as string ?? "";
        return loader.StartsWith("jpeg", StringComparison.Ordinal) ? "jpeg" : loader.StartsWith("png", StringComparison.Ordinal) ? "png" : "";
    }

    private static int OrientationOf(Image image) =>
        image.Contains("orientation") && Convert.ToInt32(image.Get("orientation"), null) is >= 1 and <= 8 and var orientation ? orientation : 1;
}
