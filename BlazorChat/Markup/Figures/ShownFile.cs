namespace BlazorChat.Markup.Figures;

/// <summary>How a file is shown that a text names by its id.</summary>
public enum FileShape
{
    /// <summary>Its name and what it is, to be opened.</summary>
    Card,

    Picture,

    /// <summary>A picture whose thumbnails are still to be made: a few pixels of it, in its box.</summary>
    PendingPicture,

    Video,

    Audio,
}

/// <summary>A file as a text shows it.</summary>
/// <param name="Address">From the application's root: <c>attachments/{id}</c>.</param>
/// <param name="Details">What it is and how large, in words.</param>
/// <param name="Width">Pixels; 0 for what is no picture.</param>
/// <param name="SmallWidth">Pixels of the small thumbnail.</param>
/// <param name="LargeWidth">Pixels of the large thumbnail.</param>
/// <param name="Preview">A few pixels of it as a data URI; empty for none.</param>
internal sealed record ShownFile(
    string Address, string Name, string Details, FileShape Shape, int Width = 0, int Height = 0, int SmallWidth = 0, int LargeWidth = 0, string Preview = "");
