namespace BlazorChat.Markup.Figures;

/// <summary>How a file is shown that a text names by its id.</summary>
public enum FileShape
{
    /// <summary>A link with its name and details.</summary>
    Card,

    Picture,

    /// <summary>A picture whose thumbnails are still to be made: a few pixels of it, in its box.</summary>
    PendingPicture,

    Video,

    Audio,
}

/// <summary>A file as a text shows it.</summary>
/// <param name="Address">From the application's root: <c>attachments/{id}</c>.</param>
/// <param name="Details">Its type and size, for people.</param>
/// <param name="Width">The width in pixels; 0 for what is not a picture.</param>
/// <param name="SmallWidth">Pixels of the small thumbnail.</param>
/// <param name="LargeWidth">Pixels of the large thumbnail.</param>
/// <param name="Preview">A few pixels of it as a data URI; empty for none.</param>
internal sealed record ShownFile(
    string Address, string Name, string Details, FileShape Shape, int Width = 0, int Height = 0, int SmallWidth = 0, int LargeWidth = 0, string Preview = "");
