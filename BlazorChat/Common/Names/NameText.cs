using System.Globalization;
using System.Text;
using BlazorChat.Common.Localization;

namespace BlazorChat.Common.Names;

/// <summary>Cleans the names of people, bots and rooms: stored names are composed, on one line, and have visible characters only.</summary>
public static class NameText
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>
    /// Returns the name composed, trimmed, with single spaces, and without characters that are invisible or change the direction of the text.
    /// Joiners stay within an emoji, and within a word of a script that needs them.
    /// </summary>
    public static string Clean(string name)
    {
        var runes = name.EnumerateRunes().ToArray();
        var clean = new StringBuilder(name.Length);
        for (var i = 0; i < runes.Length; i++)
        {
            if (Rune.IsWhiteSpace(runes[i]) && !Rune.IsControl(runes[i]))
                clean.Append(' ');
            else if (!PlainText.IsNoncharacter(runes[i]) && (!IsInvisible(runes[i]) || IsNeeded(runes, i)))
                clean.Append(runes[i]);
        }

        return CollapseSpaces(clean.ToString().Normalize(NormalizationForm.FormC));
    }

    /// <summary>Checks a name that somebody typed.</summary>
    /// <returns>A sentence for that person; null when the name is valid.</returns>
    public static LocalText? FindProblem(string name)
    {
        if (!PlainText.IsOneLine(name) || name.EnumerateRunes().Any(IsUnknown))
            return CommonTexts.Get("NameUnreadable");
        var clean = Clean(name);
        if (!clean.EnumerateRunes().Any(IsInk))
            return CommonTexts.Get("NameInvisible");
        return NameForms.Of(clean).Fits ? null : CommonTexts.Get("NameTooLong");
    }

    /// <summary>Whether fonts draw a character as nothing or as white space, or it changes the direction of the text.</summary>
    internal static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0
            or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xFFF0 and <= 0xFFF8) or (>= 0xE0000 and <= 0xE0FFF);

    internal static string CollapseSpaces(string text) =>
        string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static bool IsNeeded(Rune[] runes, int index)
    {
        if (index == 0)
            return false;
        var before = runes[index - 1];
        var after = index + 1 < runes.Length ? runes[index + 1] : default;
        return runes[index].Value switch
        {
            // Variation selectors: a symbol is drawn as text or as a picture.
            0xFE0E or 0xFE0F => Rune.GetUnicodeCategory(before) == UnicodeCategory.OtherSymbol,
            ZeroWidthJoiner when IsPicture(before) && IsPicture(after) => true,
            ZeroWidthJoiner or ZeroWidthNonJoiner => IsJoining(before) && IsJoining(after),
            _ => false,
        };
    }

    private static bool IsPicture(Rune rune) =>
        rune.Value == 0xFE0F || Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol;

    /// <summary>Whether it is a letter or mark of the scripts from Arabic to Myanmar, in which joiners change the meaning.</summary>
    private static bool IsJoining(Rune rune) =>
        rune.Value is >= 0x0600 and <= 0x109F && (Rune.IsLetter(rune)
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);

    private static bool IsUnknown(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse && !IsInvisible(rune);

    private static bool IsInk(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.IsPunctuation(rune) || Rune.IsSymbol(rune);
}
