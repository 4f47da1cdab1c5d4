using System.Text.RegularExpressions;

namespace BlazorChat.Rooms.Mentions;

/// <summary>
/// Korean, Japanese and Chinese put no space between a name and the words after it. So the beginning of a text can be a handle too:
/// docs/markdown.md has the rules.
/// </summary>
internal static partial class HandleCuts
{
    private enum Letters
    {
        Spaced,
        Hangul,
        Hiragana,
        Katakana,
        Han,
    }

    /// <summary>The beginnings of a text that can be a handle, longest first, and the text itself.</summary>
    /// <param name="text">Composed, without the <c>@</c>.</param>
    public static IEnumerable<string> Of(string text)
    {
        yield return text;
        for (var end = text.Length - 1; end > 0; end--)
        {
            if (IsCut(text, end))
                yield return text[..end];
        }
    }

    private static bool IsCut(string text, int at)
    {
        var (before, after) = (text[at - 1], text[at]);
        if (!(char.IsLetterOrDigit(before) || char.IsLowSurrogate(before)) || !(char.IsLetter(after) || char.IsHighSurrogate(after)))
            return false;
        var letters = LettersOf(after);
        if (letters == Letters.Spaced)
            return false;
        // The writing changes: @ada님, @田中さん.
        if (LettersOf(before) != letters)
            return true;
        return letters switch
        {
            Letters.Hangul => KoreanEnding.IsMatch(text.AsSpan(at)),
            Letters.Hiragana => JapaneseEnding.IsMatch(text.AsSpan(at)),
            Letters.Han => true,
            _ => false,
        };
    }

    private static Letters LettersOf(char character) => character switch
    {
        (>= '\u1100' and <= '\u11ff') or (>= '\u3130' and <= '\u318f') or (>= '\ua960' and <= '\ua97f') or (>= '\uac00' and <= '\ud7ff') => Letters.Hangul,
        >= '\u3041' and <= '\u309f' => Letters.Hiragana,
        (>= '\u30a0' and <= '\u30ff') or (>= '\u31f0' and <= '\u31ff') => Letters.Katakana,
        (>= '\u2e80' and <= '\u2fdf') or (>= '\u3005' and <= '\u3007') or (>= '\u3400' and <= '\u9fff') or (>= '\uf900' and <= '\ufaff') => Letters.Han,
        // Rare ideographs.
        >= '\ud840' and <= '\ud88f' => Letters.Han,
        _ => Letters.Spaced,
    };

    private const string Title = "님|씨|군|양|쌤|샘|선생님|교수님|박사님|선배님?|팀장님?|과장님?|부장님?|대리님?|실장님?|이사님?|대표님?|사장님?";

    private const string Particle =
        "께서|께|에게서?|한테서?|에서|에|은|는|이랑|이나|이고|이며|이라고|이라는|이요|이에요|이야|이|가|을|를|의|도|만|와|과|랑|나|하고|로|으로|까지|부터|처럼|보다|마다|조차|라고|라는|입니다|예요|야|아|요|인데|들|네";

    [GeneratedRegex($"\\A(?:{Title})?(?:{Particle}){{0,4}}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex KoreanEnding { get; }

    /// <summary>Japanese sentences continue after the particle.</summary>
    [GeneratedRegex(@"\A(?:さん|さま|くん|ちゃん|せんせい|せんぱい|は|が|を|に|の|と|も|へ|や|で|から|まで|より)", RegexOptions.CultureInvariant)]
    private static partial Regex JapaneseEnding { get; }
}
