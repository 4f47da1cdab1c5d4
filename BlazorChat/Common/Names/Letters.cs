using System.Text;

namespace BlazorChat.Common.Names;

/// <summary>Letters without regard to case and to strokes that no decomposition separates, as in "ø".</summary>
internal static class Letters
{
    /// <param name="rune">A character of a text in the form KD, without its marks.</param>
    /// <returns>One or two lower-case letters.</returns>
    public static string Fold(Rune rune)
    {
        var lower = Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune));
        return lower.Value switch
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
            _ => lower.ToString(),
        };
    }
}
