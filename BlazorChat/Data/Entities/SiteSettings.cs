namespace BlazorChat.Data.Entities;

/// <summary>How the site presents itself, and what its admins have set at run time: one row, which a migration inserts.</summary>
public sealed class SiteSettings
{
    /// <summary>The id of the row.</summary>
    public const int OnlyId = 1;

    /// <summary>In visible characters, and in UTF-16 code units.</summary>
    public const int MaxNameLength = 40;

    public const int MaxWelcomeLength = 500;

    /// <summary>Of <c>#rrggbb</c>.</summary>
    public const int AccentLength = 7;

    public int Id { get; init; }

    /// <summary>Null for the name of the product.</summary>
    public string? Name { get; set; }

    /// <summary>Shown to people who sign in or join: plain, with line breaks; empty for none.</summary>
    public string WelcomeText { get; set; } = "";

    /// <summary>As <c>#rrggbb</c>, in lower case; null for the color of the product.</summary>
    public string? Accent { get; set; }

    /// <summary>The attachment that is the logo; null for the logo of the product.</summary>
    public Guid? LogoId { get; set; }

    /// <summary>Who may create an account; null for the value of the configuration.</summary>
    public int? Registration { get; set; }

    /// <summary>Whether only admins create rooms.</summary>
    public bool OnlyAdminsCreateRooms { get; set; }

    /// <summary>Whether links get previews; null for the value of the configuration.</summary>
    public bool? LinkPreviews { get; set; }

    /// <summary>Bytes of the largest file; null for the value of the configuration, which is also the most.</summary>
    public long? MaxUploadSize { get; set; }

    /// <summary>UTC.</summary>
    public DateTime UpdatedAt { get; set; }

    /// <summary>Each change increments it.</summary>
    public int Version { get; set; }
}
