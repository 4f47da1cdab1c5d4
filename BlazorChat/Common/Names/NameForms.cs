using System.Globalization;
using System.Text;

namespace BlazorChat.Common.Names;

/// <summary>The forms of a name that are compared. Each is a column beside the name.</summary>
/// <param name="Search">The form for searching: without case and diacritics, in every script.</param>
/// <param name="Key">Names with the same key differ only in case, or in letters of other scripts that look the same.</param>
/// <param name="Shape">Names with the same shape look the same: <c>I</c> and <c>l</c>, <c>0</c> and <c>O</c>, <c>rn</c> and <c>m</c>.</param>
public readonly record struct NameForms(string Search, string Key, string Shape)
{
    /// <summary>The largest length of each form, in UTF-16 code units. A few characters become longer in a form.</summary>
    public const int MaxLength = 256;

    /// <summary>Whether no form is longer than <see cref="MaxLength"/>.</summary>
    public bool Fits => Search.Length <= MaxLength && Key.Length <= MaxLength && Shape.Length <= MaxLength;

    /// <summary>Computes the forms of a name.</summary>
    public static NameForms Of(string name) => new(SearchOf(name), KeyOf(name), ShapeOf(name));

    /// <summary>Computes the form for searching, of a name or of the text in a search box.</summary>
    public static string SearchOf(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (NameText.IsInvisible(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
                continue;
            folded.Append(Rune.IsWhiteSpace(rune) ? " " : Letters.Fold(rune));
        }

        return NameText.CollapseSpaces(folded.ToString().Normalize(NormalizationForm.FormC));
    }

    private static string KeyOf(string name)
    {
        var key = new StringBuilder(name.Length);
        foreach (var rune in Visible(name))
            key.Append(LookAlikes.OfCapital(Rune.ToUpperInvariant(rune)));
        return key.ToString().Normalize(NormalizationForm.FormC);
    }

    private static string ShapeOf(string name)
    {
        var shape = new StringBuilder(name.Length);
        foreach (var rune in Visible(name))
        {
            var latin = LookAlikes.Of(rune);
            shape.Append(latin.Value switch
            {
                'l' or 'I' or '|' => "1",
                'O' or 'o' => "0",
                _ => Rune.ToLowerInvariant(latin).ToString(),
            });
        }

        return shape.ToString().Normalize(NormalizationForm.FormC)
            .Replace("rn", "m", StringComparison.Ordinal)
            .Replace("vv", "w", StringComparison.Ordinal);
    }

    private static IEnumerable<Rune> Visible(string name) =>
        NameText.CollapseSpaces(name.Normalize(NormalizationForm.FormKC)).EnumerateRunes().Where(rune => !NameText.IsInvisible(rune));
}
