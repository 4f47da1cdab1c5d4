using System.Text;
using BlazorChat.Common.Names;

namespace BlazorChat.Markup.Parsing;

/// <summary>Where <c>@name</c> and <c>#name</c> begin and end in a text, and how they are marked. docs/markdown.md has the rules.</summary>
internal static class MentionMark
{
    /// <summary>UTF-16 code units, with the words that a language without spaces adds to a name.</summary>
    private const int MaxLength = 60;

    /// <summary>The HTML of a text that <see cref="FindLength"/> has found, composed. It has no character that HTML escapes.</summary>
    public static string Of(ReadOnlySpan<char> text) =>
        $"<span class=\"{MentionRenderer.ClassName}\">{text.ToString().Normalize(NormalizationForm.FormC)}</span>";

    /// <summary>The length of the mark and the name that begin at a position; 0 when there is no name, or a word around the mark.</summary>
    /// <param name="text">All of the text: what is before the position matters.</param>
    /// <param name="at">The position of the mark.</param>
    public static int FindLength(ReadOnlySpan<char> text, int at)
    {
        if (!MayBegin(text, at))
            return 0;
        var name = text[(at + 1)..];
        var end = HandleText.FindEnd(name[..Math.Min(name.Length, MaxLength)]);
        // An address of another server: @name@example.org.
        if (end == 0 || (end < name.Length && name[end] == '@') || !HasLetter(name[..end]))
            return 0;
        return end + 1;
    }

    private static bool MayBegin(ReadOnlySpan<char> text, int at)
    {
        if (at == 0)
            return true;
        var previous = text[at - 1];
        if (char.IsLetterOrDigit(previous))
            return Script.IsCjk(previous);
        return previous switch
        {
            '@' or '#' or '&' or '\\' => false,
            // The end of a name in an email address, or of a word; emphasis and dashes begin after a space.
            '_' or '-' or '+' or '%' or '=' => at == 1 || !char.IsLetterOrDigit(text[at - 2]),
            // A path, unless several people are separated by it: @a/@b.
            '/' => BeginsWithMention(text[..at]),
            _ => true,
        };
    }

    private static bool BeginsWithMention(ReadOnlySpan<char> before)
    {
        var start = before.Length;
        while (start > 0 && before.Length - start < MaxLength && !char.IsWhiteSpace(before[start - 1]))
            start--;
        return before[start..].TrimStart("([{<\"'") is ['@', ..];
    }

    private static bool HasLetter(ReadOnlySpan<char> name)
    {
        foreach (var rune in name.EnumerateRunes())
        {
            if (Rune.IsLetter(rune))
                return true;
        }

        return false;
    }
}
