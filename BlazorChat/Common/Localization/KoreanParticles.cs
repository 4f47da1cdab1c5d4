using System.Globalization;
using System.Text.RegularExpressions;

namespace BlazorChat.Common.Localization;

/// <summary>
/// Chooses between the two forms of a Korean particle by the last sound of what it follows. A text has both forms after a placeholder,
/// <c>{0}을(를)</c>, as Korean writes them when the word is unknown; they stay where the sound is unknown. The scripts do the same
/// (<c>wwwroot/js/shared/texts.js</c>).
/// </summary>
internal static partial class KoreanParticles
{
    private const int FirstSyllable = 0xAC00, LastSyllable = 0xD7A3, FinalsOfSyllable = 28, FinalRieul = 8;

    private enum Sound
    {
        Unknown,
        Vowel,
        Rieul,
        Consonant,
    }

    /// <summary>The text with one form of each particle that follows a placeholder.</summary>
    public static string Choose(string text, IReadOnlyList<object> arguments)
    {
        if (!text.Contains('(', StringComparison.Ordinal) || !text.Contains('}', StringComparison.Ordinal))
            return text;
        return Particle.Replace(text, match =>
        {
            var index = match.Groups["index"].ValueSpan[0] - '0';
            var sound = index < arguments.Count ? SoundOf(Convert.ToString(arguments[index], CultureInfo.CurrentCulture) ?? "") : Sound.Unknown;
            return match.Groups["before"].Value + Form(match.Groups["forms"].Value, sound);
        });
    }

    private static string Form(string forms, Sound sound) => (forms, sound) switch
    {
        (_, Sound.Unknown) => forms,
        ("(으)로", Sound.Consonant) => "으로",
        ("(으)로", _) => "로",
        ("(이)", Sound.Vowel) => "",
        ("(이)", _) => "이",
        // 을(를): the first one follows a consonant.
        (_, Sound.Vowel) => forms[2..3],
        _ => forms[..1],
    };

    private static Sound SoundOf(string word)
    {
        var end = word.Length;
        while (end > 0 && !char.IsLetterOrDigit(word[end - 1]) && !char.IsSurrogate(word[end - 1]))
            end--;
        if (end == 0)
            return Sound.Unknown;
        var last = word[end - 1];
        return last switch
        {
            >= (char)FirstSyllable and <= (char)LastSyllable => ((last - FirstSyllable) % FinalsOfSyllable) switch
            {
                0 => Sound.Vowel,
                FinalRieul => Sound.Rieul,
                _ => Sound.Consonant,
            },
            // 일, 칠, 팔
            '1' or '7' or '8' => Sound.Rieul,
            // 영 or 십, 삼, 육
            '0' or '3' or '6' => Sound.Consonant,
            '2' or '4' or '5' or '9' => Sound.Vowel,
            _ when char.IsAsciiLetter(last) => SoundOfLatin(word[..end]),
            _ => Sound.Unknown,
        };
    }

    /// <summary>As such words are usually read: Seoul 서울, Chrome 크롬, Slack 슬랙, Anna 안나; capitals by their names: URL 유아르엘.</summary>
    private static Sound SoundOfLatin(string word)
    {
        if (EndsInRieul.IsMatch(word))
            return Sound.Rieul;
        return EndsInConsonant.IsMatch(word) ? Sound.Consonant : Sound.Vowel;
    }

    [GeneratedRegex(@"(?<before>\{(?<index>\d)(:[^{}]*)?\}[”’""')\]]*)(?<forms>을\(를\)|이\(가\)|은\(는\)|과\(와\)|\(으\)로|\(이\))")]
    private static partial Regex Particle { get; }

    [GeneratedRegex("(l|L|le|[A-Z]R|^R)$")]
    private static partial Regex EndsInRieul { get; }

    [GeneratedRegex("([mMnN]|[mn]e|ng|(^|[^aeiou])[aeiou](ck|[ckpt]))$")]
    private static partial Regex EndsInConsonant { get; }
}
