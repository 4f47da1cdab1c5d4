using System.Globalization;
using System.Text;

namespace BlazorChat.Common.Names;

/// <summary>The forms of a name that are compared; each is a column beside the name.</summary>
/// <param name="Search">For finding it: without case and marks, in every script.</param>
/// <param name="Key">Two names with the same key are the same but for case and for letters of other scripts that look the same.</param>
/// <param name="Shape">Two names with the same shape look the same: <c>I</c> and <c>l</c>, <c>0</c> and <c>O</c>, <c>rn</c> and <c>m</c>.</param>
public readonly record struct NameForms(string Search, string Key, string Shape)
{
    /// <summary>Of each form; a few characters become longer in them.</summary>
    public const int MaxLength = 256;

    public bool Fits => Search.Length <= MaxLength && Key.Length <= MaxLength && Shape.Length <= MaxLength;

    public static NameForms Of(string name) => new(SearchOf(name), KeyOf(name), ShapeOf(name));

    /// <summary>What is typed into a search box, in the form that it is looked for in.</summary>
    public static string SearchOf(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (NameText.IsInvisible(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
                continue;
            var lower = Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune));
            folded.Append(lower.Value switch
            {
                'ß' => "ss",
                'ı' => "i",
                'ø' => "o",
                'đ' or 'ð' => "d",
                'ħ' => "h",
                'ł' => "l",
                'ŋ' => "n",
                'æ' => "ae",
                'œ' => "oe",
                'þ' => "th",
                _ => Rune.IsWhiteSpace(lower) ? " " : lower.ToString(),
            });
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
