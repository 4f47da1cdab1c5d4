using System.Globalization;
using System.Text.RegularExpressions;

namespace BlazorChat.Common.Sites;

/// <summary>A color of sRGB.</summary>
internal readonly partial record struct SiteColor(byte Red, byte Green, byte Blue)
{
    public static readonly SiteColor White = new(255, 255, 255);

    public static readonly SiteColor Black = new(0, 0, 0);

    /// <summary>The relative luminance of WCAG 2, from 0 to 1.</summary>
    private double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    /// <summary>Without <c>#</c>.</summary>
    public string Digits => $"{Red:x2}{Green:x2}{Blue:x2}";

    /// <summary>As CSS writes the parts of it.</summary>
    public string Parts => string.Create(CultureInfo.InvariantCulture, $"{Red} {Green} {Blue}");

    /// <summary>Reads <c>#rrggbb</c>, in any case.</summary>
    public static SiteColor? TryParse(string? text) =>
        text is not null && Pattern().IsMatch(text)
            ? new SiteColor(Byte(text, 1), Byte(text, 3), Byte(text, 5))
            : null;

    public static SiteColor Parse(string text) => TryParse(text) ?? throw new FormatException($"'{text}' is no color like #4338ca.");

    /// <summary>The contrast ratio of WCAG 2, from 1 to 21.</summary>
    public double ContrastWith(SiteColor other)
    {
        var (lighter, darker) = Luminance > other.Luminance ? (Luminance, other.Luminance) : (other.Luminance, Luminance);
        return (lighter + 0.05) / (darker + 0.05);
    }

    /// <param name="share">Of the other color, from 0 to 1.</param>
    public SiteColor Mix(SiteColor other, double share) =>
        new(Between(Red, other.Red, share), Between(Green, other.Green, share), Between(Blue, other.Blue, share));

    /// <summary>The tone that is next to this one on the way to another color, and has a contrast.</summary>
    /// <param name="toward">Black for darker tones, white for lighter ones.</param>
    /// <param name="contrast">The least ratio.</param>
    /// <param name="surfaces">What it stands on.</param>
    public SiteColor Reach(SiteColor toward, double contrast, params ReadOnlySpan<SiteColor> surfaces)
    {
        const int steps = 50;
        for (var step = 0; step < steps; step++)
        {
            var tone = Mix(toward, (double)step / steps);
            if (tone.LeastContrast(surfaces) >= contrast)
                return tone;
        }

        return toward;
    }

    public double LeastContrast(params ReadOnlySpan<SiteColor> surfaces)
    {
        var least = double.MaxValue;
        foreach (var surface in surfaces)
            least = Math.Min(least, ContrastWith(surface));
        return least;
    }

    public override string ToString() => $"#{Digits}";

    private static byte Byte(string text, int at) => byte.Parse(text.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static byte Between(byte from, byte to, double share) => (byte)Math.Round(from + ((to - from) * share));

    private static double Linear(byte part)
    {
        var value = part / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }

    [GeneratedRegex(@"^#[0-9a-fA-F]{6}\z")]
    private static partial Regex Pattern();
}
