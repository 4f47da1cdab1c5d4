namespace BlazorChat.Common.Sites;

/// <summary>How the site presents itself.</summary>
/// <param name="Version">Of the settings; each change increments it.</param>
/// <param name="Name">Null for the name of the product.</param>
/// <param name="WelcomeText">Plain, with line breaks; empty for none.</param>
/// <param name="Accent">As <c>#rrggbb</c>; null for the color of the product.</param>
/// <param name="LogoId">Null for the logo of the product.</param>
internal sealed record SiteView(int Version, string? Name = null, string WelcomeText = "", string? Accent = null, Guid? LogoId = null)
{
    public SiteRules Rules { get; init; } = new();

    /// <summary>The address of the logo as a square picture, relative to the root of the site; null for the logo of the product.</summary>
    /// <param name="icon">Its name: <c>64</c>, or another one that the site serves.</param>
    public string? LogoAddress(string icon) => LogoId is { } id ? $"site/logo/{id}/{icon}.png" : null;

    /// <summary>The address of the stylesheet with the accent, relative to the root of the site. It has the color, so it never changes.</summary>
    public static string StyleAddress(string accent) => $"site/accent/{accent.TrimStart('#')}.css";
}

/// <summary>What admins have set at run time. Null is the value of the configuration.</summary>
/// <param name="Registration">Who may create an account.</param>
/// <param name="LinkPreviews">Whether links get previews.</param>
/// <param name="MaxUploadSize">Bytes of the largest file.</param>
internal sealed record SiteRules(int? Registration = null, bool OnlyAdminsCreateRooms = false, bool? LinkPreviews = null, long? MaxUploadSize = null);
