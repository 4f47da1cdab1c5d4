using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax.Inlines;

namespace BlazorChat.Markup.Parsing;

/// <summary>
/// A backslash before a mark escapes it and is not shown, except in a path or a face (¯\_(ツ)_/¯), where it is shown
/// too. At the end of a line it stands for itself.
/// </summary>
internal sealed class BackslashParser : InlineParser
{
    /// <summary>Characters on each side of a backslash by which a path is known.</summary>
    private const int Sight = 80;

    public BackslashParser() => OpeningCharacters = ['\\'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        if (!slice.PeekChar().IsAsciiPunctuation())
            return false;
        var start = IsShown(slice) ? slice.Start : slice.Start + 1;
        processor.Inline = new LiteralInline(new StringSlice(slice.Text, start, slice.Start + 1)) { IsClosed = true };
        slice.Start += 2;
        return true;
    }

    private static bool IsShown(StringSlice slice)
    {
        var text = slice.Text.AsSpan();
        var (start, end) = (slice.Start, slice.Start);
        while (start > 0 && slice.Start - start < Sight && !char.IsWhiteSpace(text[start - 1]))
            start--;
        while (end < text.Length && end - slice.Start < Sight && !char.IsWhiteSpace(text[end]))
            end++;
        var word = text[start..end];
        return word[slice.Start - start - (slice.Start > start ? 1 : 0)] == '¯' || IsPath(word);
    }

    /// <summary>It begins like one, or has a backslash that cannot be meant to escape a mark.</summary>
    private static bool IsPath(ReadOnlySpan<char> word)
    {
        var inside = word.TrimStart("\"'([{<“‘「『（《");
        if (inside.StartsWith(@"\\") || (inside.Length > 2 && char.IsAsciiLetter(inside[0]) && inside[1] == ':' && inside[2] == '\\'))
            return true;
        for (int at = 0, next; (next = word[at..].IndexOf('\\')) >= 0; at += next + 2)
        {
            var after = at + next + 1;
            if (after >= word.Length)
                return false;
            if (!word[after].IsAsciiPunctuation())
                return true;
            if (after + 1 >= word.Length)
                return false;
        }

        return false;
    }
}
