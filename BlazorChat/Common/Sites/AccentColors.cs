using System.Globalization;

namespace BlazorChat.Common.Sites;

/// <summary>
/// The colors of both themes that follow from one accent. The light theme has the color itself, so it must be dark enough to be read there; the dark theme has a
/// lighter tone of it.
/// </summary>
internal static class AccentColors
{
    /// <summary>The least contrast of texts: level AA of WCAG 2.</summary>
    public const double MinContrast = 4.5;

    /// <summary>The accent of the product reads as easily on dark.</summary>
    private const double DarkContrast = 6;

    /// <summary>The surfaces of theme.css with the least contrast to texts: what the pointer is on.</summary>
    internal static readonly SiteColor LightSurface = SiteColor.Parse("#eceef2");

    internal static readonly SiteColor DarkSurface = SiteColor.Parse("#262a32");

    private static readonly SiteColor LightPage = SiteColor.White;
    private static readonly SiteColor DarkPage = SiteColor.Parse("#16181d");

    /// <summary>The contrast of an accent in the light theme.</summary>
    public static double ContrastOf(SiteColor accent) => accent.LeastContrast(LightSurface, LightPage);

    public static bool IsReadable(SiteColor accent) => ContrastOf(accent) >= MinContrast;

    /// <summary>The nearest darker tone that is readable.</summary>
    public static SiteColor Nearest(SiteColor accent) => accent.Reach(SiteColor.Black, MinContrast, LightSurface, LightPage);

    /// <summary>The accent of the dark theme.</summary>
    public static SiteColor DarkOf(SiteColor accent) => accent.Reach(SiteColor.White, DarkContrast, DarkSurface, DarkPage);

    /// <summary>The ratio as people read it, rounded down: what is refused is never shown as enough.</summary>
    public static string Format(double contrast) => (Math.Floor(contrast * 10) / 10).ToString("0.0", CultureInfo.CurrentCulture);

    /// <summary>The stylesheet of an accent.</summary>
    public static string ToCss(SiteColor accent) => $":root {{\n{VariablesOf(accent)}\n}}\n";

    /// <summary>The declarations of theme.css for an accent.</summary>
    public static string VariablesOf(SiteColor accent)
    {
        var dark = DarkOf(accent);
        var (mentions, darkMentions) = (LightPage.Mix(accent, 0.12), DarkPage.Mix(dark, 0.2));
        var mention = accent.Reach(SiteColor.Black, MinContrast, mentions, LightSurface);
        var darkMention = dark.Reach(SiteColor.White, MinContrast, darkMentions, DarkSurface);
        return $"""
            --bc-accent: light-dark({accent}, {dark});
            --bc-on-accent: light-dark(#ffffff, {DarkPage});
            --bc-mention: light-dark({mention}, {darkMention});
            --bc-mention-bg: light-dark({mentions}, {darkMentions});
            --mud-palette-primary-darken: light-dark({accent.Mix(SiteColor.Black, 0.2)}, {dark.Mix(SiteColor.White, 0.3)});
            --mud-palette-primary-lighten: light-dark({accent.Mix(SiteColor.White, 0.15)}, {dark.Mix(SiteColor.Black, 0.15)});
            --mud-palette-primary-rgb: {accent.Parts.Replace(" ", ", ", StringComparison.Ordinal)};
            --mud-palette-primary-hover: light-dark(rgb({accent.Parts} / 6%), rgb({dark.Parts} / 10%));
            """;
    }
}
