namespace BlazorChat.Data.Entities.Links;

/// <summary>
/// What a page says of itself. A row never changes: a later lookup of the same address makes another one, so that messages show what was found when they
/// were written. It is removed a day later when no message refers to it.
/// </summary>
public sealed class LinkPreview
{
    /// <summary>In UTF-16 code units.</summary>
    public const int MaxTitleLength = 200;

    /// <inheritdoc cref="MaxTitleLength"/>
    public const int MaxTextLength = 300;

    /// <inheritdoc cref="MaxTitleLength"/>
    public const int MaxSiteLength = 80;

    public Guid Id { get; init; }

    public required string Title { get; init; }

    /// <summary>Empty for none.</summary>
    public string Text { get; init; } = "";

    /// <summary>The name of the site, or its host.</summary>
    public required string Site { get; init; }

    /// <summary>The SHA-256 of the scaled picture among the files of attachments; null for none.</summary>
    public byte[]? PictureHash { get; init; }

    /// <summary>Pixels; 0 for no picture.</summary>
    public int PictureWidth { get; init; }

    public int PictureHeight { get; init; }

    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; init; }
}
