namespace BlazorChat.Attachments.Thumbnails;

/// <summary>
/// A size of thumbnails. A picture is made to fit, and never larger than it is; of a very tall one the height counts.
/// </summary>
/// <param name="Width">Pixels.</param>
internal sealed record ThumbnailSize(int Width)
{
    public static readonly ThumbnailSize Small = new(400);

    public static readonly ThumbnailSize Large = new(1200);

    public static IReadOnlyList<ThumbnailSize> All { get; } = [Small, Large];

    /// <summary>Pixels.</summary>
    public int MaxHeight { get; init; } = Width * 3 / 2;

    /// <summary>The size with this width; null when there is none.</summary>
    public static ThumbnailSize? Find(int width) => All.FirstOrDefault(size => size.Width == width);

    /// <summary>How large the thumbnail of a picture is, in pixels.</summary>
    public (int Width, int Height) Fit(int width, int height)
    {
        var scale = Math.Min(1, Math.Min((double)Width / width, (double)MaxHeight / height));
        return (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
    }
}
