namespace BlazorChat.Markup.Parsing;

/// <summary>Letters of languages that put no space between a word and what belongs to it: Korean, Japanese, Chinese.</summary>
internal static class Script
{
    public static bool IsHangul(char character) =>
        character is (>= '\u1100' and <= '\u11ff') or (>= '\u3130' and <= '\u318f') or (>= '\ua960' and <= '\ua97f') or (>= '\uac00' and <= '\ud7ff');

    public static bool IsHiragana(char character) => character is >= '\u3041' and <= '\u309f';

    /// <summary>Hangul, kana, bopomofo, ideographs and their marks of repetition; surrogates, since rare ideographs are written with them.</summary>
    public static bool IsCjk(char character) =>
        IsHangul(character)
        || character is (>= '\u2e80' and <= '\u2fdf') or (>= '\u3005' and <= '\u3007') or (>= '\u3021' and <= '\u3029')
            or (>= '\u3031' and <= '\u312f') or (>= '\u31a0' and <= '\u31ff') or (>= '\u3400' and <= '\u4dbf')
            or (>= '\u4e00' and <= '\u9fff') or (>= '\uf900' and <= '\ufaff') or (>= '\uff66' and <= '\uff9f')
            or (>= '\ud840' and <= '\ud88f');

    /// <summary>A letter or digit of a language that puts spaces between words.</summary>
    public static bool IsSpacedLetter(char character) => char.IsLetterOrDigit(character) && !IsCjk(character);
}
