using System.Globalization;
using System.Text;
using BlazorChat.Common.Names;

namespace BlazorChat.Common.Search;

/// <summary>What a letter becomes a term with.</summary>
internal enum LetterKind
{
    /// <summary>Separates words.</summary>
    None = 0,

    Word = 1,

    /// <summary>A letter of a script that is written without spaces between words.</summary>
    Paired = 2,

    /// <summary>An emoji, or another symbol that is a term of its own.</summary>
    Symbol = 3,
}

/// <summary>A letter of a text with the form in which it is compared.</summary>
/// <param name="Start">Where it begins in the text, in UTF-16 code units.</param>
internal readonly record struct Letter(LetterKind Kind, string Folded, int Start, int End, bool IsCapital = false, bool IsSmall = false)
{
    /// <summary>Whether it joins the parts of an identifier.</summary>
    public bool IsJoint => Folded == "_";
}

/// <summary>Reads the letters of a text in the form in which they are compared: composed, in lower case and without diacritics.</summary>
internal static class SearchLetters
{
    private static readonly string[] Ascii = [.. Enumerable.Range(0, 128).Select(c => char.ToLowerInvariant((char)c).ToString())];

    /// <summary>The letters of one text element; several for a ligature.</summary>
    public static IEnumerable<Letter> Read(string text, int start, int end) =>
        end - start == 1 && text[start] < 0x80 ? [ReadAscii(text[start], start)] : ReadElement(text[start..end], start, end);

    private static Letter ReadAscii(char c, int start) =>
        char.IsAsciiLetterOrDigit(c) || c == '_'
            ? new Letter(LetterKind.Word, Ascii[c], start, start + 1, char.IsAsciiLetterUpper(c), char.IsAsciiLetterLower(c))
            : new Letter(LetterKind.None, "", start, start + 1);

    private static IEnumerable<Letter> ReadElement(string element, int start, int end)
    {
        // Text that is no valid UTF-16 is not stored; a query may have it.
        if (!element.IsNormalizable())
            return [new Letter(LetterKind.None, "", start, end)];
        var first = Rune.GetRuneAt(element, 0);
        if (IsSymbol(first))
            return [new Letter(LetterKind.Symbol, FoldSymbol(element), start, end)];
        var isCapital = Rune.IsUpper(first);
        var isSmall = Rune.IsLower(first);
        return Fold(element).EnumerateRunes()
            .Select(rune => new Letter(KindOf(rune), rune.ToString(), start, end, isCapital, isSmall))
            .DefaultIfEmpty(new Letter(LetterKind.None, "", start, end));
    }

    private static bool IsNormalizable(this string element)
    {
        foreach (var rune in element.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar)
                return false;
        }

        return true;
    }

    private static string Fold(string element)
    {
        var folded = new StringBuilder(element.Length);
        foreach (var rune in element.Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (IsDropped(rune))
                continue;
            folded.Append(Letters.Fold(rune));
        }

        return folded.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>Without the choice between text and picture, and without the colour of a skin.</summary>
    private static string FoldSymbol(string element) =>
        string.Concat(element.EnumerateRunes().Where(rune => rune.Value is not (0xFE0E or 0xFE0F or (>= 0x1F3FB and <= 0x1F3FF))));

    private static bool IsSymbol(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol && rune.Value is not (0xFFFC or 0xFFFD)
        || rune.Value is >= 0x1F3FB and <= 0x1F3FF;

    /// <summary>Diacritics, and characters that only change how others look. Marks that are letters, as in Japanese, Thai and Hindi, stay.</summary>
    private static bool IsDropped(Rune rune) => rune.Value is
        0x00AD or 0x034F or 0x0640 or 0x0670
        or (>= 0x0300 and <= 0x036F) or (>= 0x0483 and <= 0x0489) or (>= 0x0591 and <= 0x05BD) or 0x05BF or 0x05C1 or 0x05C2 or 0x05C4 or 0x05C5 or 0x05C7
        or (>= 0x0610 and <= 0x061A) or (>= 0x064B and <= 0x065F) or (>= 0x06D6 and <= 0x06DC) or (>= 0x06DF and <= 0x06E8) or (>= 0x06EA and <= 0x06ED)
        or (>= 0x1AB0 and <= 0x1AFF) or (>= 0x1DC0 and <= 0x1DFF) or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F)
        or (>= 0x20D0 and <= 0x20FF) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xFE20 and <= 0xFE2F) or 0xFEFF;

    private static LetterKind KindOf(Rune rune) =>
        IsPaired(rune) ? LetterKind.Paired
        : Rune.IsLetterOrDigit(rune) || rune.Value == '_' ? LetterKind.Word
        : Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
                or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => LetterKind.Word,
            _ => LetterKind.None,
        };

    /// <summary>Korean, Japanese and Chinese, and Thai, Lao, Burmese and Khmer.</summary>
    internal static bool IsPaired(Rune rune) => rune.Value is
        (>= 0x1100 and <= 0x11FF) or (>= 0xA960 and <= 0xA97F) or (>= 0xAC00 and <= 0xD7FF)
        or (>= 0x3005 and <= 0x3007) or (>= 0x3041 and <= 0x3096) or (>= 0x3099 and <= 0x309F) or (>= 0x30A1 and <= 0x30FA) or (>= 0x30FC and <= 0x318F)
        or (>= 0x31A0 and <= 0x31BF) or (>= 0x31F0 and <= 0x31FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x20000 and <= 0x3FFFF)
        or (>= 0x0E01 and <= 0x0E3A) or (>= 0x0E40 and <= 0x0E4E) or (>= 0x0E81 and <= 0x0EBD) or (>= 0x0EC0 and <= 0x0ECE)
        or (>= 0x1000 and <= 0x103F) or (>= 0x1050 and <= 0x108F) or (>= 0x1780 and <= 0x17D3);
}
