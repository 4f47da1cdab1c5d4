using System.Globalization;

namespace BlazorChat.Attachments.Files;

/// <summary>
/// What a browser knows of a voice message that it has recorded: how long it is, and how loud. It is stored where pictures have their preview, as
/// <c>voice:12300-0a7fff</c>: milliseconds, and two hexadecimal digits for each bar.
/// </summary>
/// <param name="Milliseconds">From 1 to <see cref="MaxMilliseconds"/>.</param>
/// <param name="Bars">The loudness of parts of the same length, from 0 to 255; at most <see cref="MaxBars"/>.</param>
public sealed record VoiceMark(int Milliseconds, IReadOnlyList<byte> Bars)
{
    public const int MaxBars = 64;

    /// <summary>Five minutes, and the time that a browser needs to stop.</summary>
    public const int MaxMilliseconds = 310_000;

    private const string Prefix = "voice:";

    /// <summary>The mark in an upload's address, without the prefix; null for none, or what is no mark.</summary>
    public static VoiceMark? Parse(string? text)
    {
        if (text?.Split('-') is not [var milliseconds, { Length: > 0 and <= 2 * MaxBars } bars]
            || bars.Length % 2 != 0
            || !int.TryParse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length is < 1 or > MaxMilliseconds
            || !bars.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        return new VoiceMark(length, Convert.FromHexString(bars));
    }

    /// <summary>The mark that is stored with an attachment; null for a preview of a picture.</summary>
    public static VoiceMark? ParseStored(string preview) =>
        preview.StartsWith(Prefix, StringComparison.Ordinal) ? Parse(preview[Prefix.Length..]) : null;

    /// <summary>As it is stored.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Milliseconds}-{Convert.ToHexStringLower([.. Bars])}");
}
