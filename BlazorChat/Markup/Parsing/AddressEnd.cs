using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace BlazorChat.Markup.Parsing;

/// <summary>Where an address ends that stands in a text. The rules, with their reasons and examples, are in docs/markdown.md.</summary>
internal static partial class AddressEnd
{
    /// <summary>Of a host, with what may stand before it.</summary>
    private const int MaxHost = 300;

    private static readonly SearchValues<char> NotInHost = SearchValues.Create("/?#( <>\"\t\n");

    private const string Marks = "?!.,:;'*_~";

    /// <summary>Characters of the address; 0 when it is none.</summary>
    /// <param name="text">Begins with the address.</param>
    /// <param name="host">Where its host begins.</param>
    public static int Find(ReadOnlySpan<char> text, int host)
    {
        if (!MayBeHost(text[host..]))
            return 0;
        var end = TrimMarks(text, host, FindStop(text, host));
        var hostEnd = FindHostEnd(text, host, end);
        if (hostEnd < end && IsPartOfHost(text[hostEnd]))
            end = hostEnd;
        if (end > hostEnd)
            end = TrimMarks(text, hostEnd, CutParticle(text, hostEnd, end));
        return IsHost(text[host..Math.Min(hostEnd, end)]) ? end : 0;
    }

    /// <summary>The first character that no address has, or that only a sentence has.</summary>
    private static int FindStop(ReadOnlySpan<char> text, int start)
    {
        var (round, square) = (0, 0);
        for (var i = start; i < text.Length; i++)
        {
            var character = text[i];
            switch (character)
            {
                case '(':
                    round++;
                    continue;
                case '[':
                    square++;
                    continue;
                case ')' when --round < 0:
                case ']' when --square < 0:
                    return i;
                case '*' or '~' when i + 1 < text.Length && text[i + 1] == character:
                    return i;
            }

            if (character <= ' ' || character is '<' or '>' or '"' or '\\' or '|' or '`' or '\x7f' || IsFullStop(character))
                return i;
        }

        return text.Length;
    }

    /// <summary>Spaces, controls, brackets, quotation marks and other punctuation of full width; not a middle dot or a dash, which titles have.</summary>
    private static bool IsFullStop(char character) => character > '\x7f' && character is not ('·' or '‧' or '・') && char.GetUnicodeCategory(character)
        is UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation
        or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation or UnicodeCategory.SpaceSeparator
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Control or UnicodeCategory.Format;

    /// <summary>The end of the host: where a path begins, or a word that is glued to the last label.</summary>
    private static int FindHostEnd(ReadOnlySpan<char> text, int host, int end)
    {
        var authority = text[host..end];
        if (authority.IndexOfAny("/?#") is >= 0 and var path)
            authority = authority[..path];
        var label = authority.LastIndexOf('.') + 1;
        for (var i = label + 1; i < authority.Length; i++)
        {
            if (char.IsAscii(authority[i - 1]) && Script.IsCjk(authority[i]))
                return host + i;
        }

        return host + authority.Length;
    }

    private static bool IsPartOfHost(char character) => character is not ('/' or '?' or '#');

    private static int TrimMarks(ReadOnlySpan<char> text, int start, int end)
    {
        while (end > start && Marks.Contains(text[end - 1]))
            end--;
        return end;
    }

    /// <summary>Leaves out the particle that a Korean sentence adds to an address, or the kana that a Japanese one goes on with.</summary>
    private static int CutParticle(ReadOnlySpan<char> text, int hostEnd, int end)
    {
        var start = end;
        while (start > hostEnd && Script.IsHangul(text[start - 1]))
            start--;
        if (start == end)
            return CutKana(text, hostEnd, end);
        var word = text[start..end];
        var before = text[start - 1];
        // After what is no word, the whole word belongs to the sentence when it is a particle.
        if (IsEndOfWord(before) && Particle.IsMatch(word))
            return start;
        if (before == '/' && ParticleOfSlash.IsMatch(word))
            return start;
        foreach (var match in LongParticle.EnumerateMatches(word))
            return start + match.Index;
        return end;
    }

    private static int CutKana(ReadOnlySpan<char> text, int hostEnd, int end)
    {
        for (var i = hostEnd + 1; i < end; i++)
        {
            if (Script.IsHiragana(text[i]) && char.IsAsciiLetterOrDigit(text[i - 1]))
                return i;
        }

        return end;
    }

    /// <summary>A letter, a digit, or a closing bracket: what a particle follows, and a Hangul word of an address rarely.</summary>
    private static bool IsEndOfWord(char character) => char.IsAsciiLetterOrDigit(character) || character is ')' or ']' or '*' or '_' or '.' or '!' or '?';

    /// <summary>A look at the beginning, so that a text of nothing but beginnings is not read to its end for each of them.</summary>
    private static bool MayBeHost(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, MaxHost)];
        var dot = text.IndexOf('.');
        return dot > 0 && !text[..dot].ContainsAny(NotInHost);
    }

    private static bool IsHost(ReadOnlySpan<char> host)
    {
        if (host.IndexOf('@') is >= 0 and var at)
            host = host[(at + 1)..];
        if (host.LastIndexOf(':') is >= 0 and var port && !host.EndsWith("]"))
            host = host[..port];
        var isAfterLabel = false;
        var dots = 0;
        foreach (var character in host)
        {
            if (character == '.')
            {
                if (!isAfterLabel)
                    return false;
                (isAfterLabel, dots) = (false, dots + 1);
                continue;
            }

            if (!char.IsLetterOrDigit(character) && character is not ('-' or '_') && !char.IsSurrogate(character) && !IsMark(character))
                return false;
            isAfterLabel = true;
        }

        return dots > 0 && isAfterLabel;
    }

    private static bool IsMark(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private const string Long =
        "에서|에게|에게서|한테|한테서|까지|부터|으로|으로써|으로서|처럼|마다|조차|이라고|이라는|이랑|하고|입니다|입니까|이에요|예요|인데|인데요|이고|이며|이다|에는|에도|에만|에의|보다";

    private const string Short = "은|는|이|가|을|를|에|의|도|만|로|로는|로도|로의|와|과|나|랑|라고|라는|야|요|께|죠|고|며|다|임";

    private const string After = "(?:는|은|도|만|의|요|가|를|을|이){0,3}";

    [GeneratedRegex($@"\A(?:{Long}|{Short}){After}\z", RegexOptions.CultureInvariant | RegexOptions.RightToLeft)]
    private static partial Regex Particle { get; }

    /// <summary>Longer particles, of which no name ends; the longest counts.</summary>
    [GeneratedRegex($@"(?:에서|에게서?|한테서?|까지|부터|으로(?:써|서)?|처럼|이라[고는]|입니[다까]|이에요|예요|인데요?){After}\z", RegexOptions.CultureInvariant)]
    private static partial Regex LongParticle { get; }

    /// <summary>After a slash, those that are nobody's title.</summary>
    [GeneratedRegex(@"\A(?:를|는|에|와)\z", RegexOptions.CultureInvariant)]
    private static partial Regex ParticleOfSlash { get; }
}
