using System.Buffers;
using BlazorChat.Common.Emoji;
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

    /// <summary>The longest name of a custom emoji.</summary>
    private const int MaxName = 32;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_+-");

    private readonly bool _withEmoji;

    /// <param name="withEmoji">
    /// Whether a browser replaces names between colons by pictures, which an escaped colon does not begin: an empty element separates it from the name.
    /// </param>
    public BackslashParser(bool withEmoji)
    {
        OpeningCharacters = ['\\'];
        _withEmoji = withEmoji;
    }

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        if (!slice.PeekChar().IsAsciiPunctuation())
            return false;
        var isShown = IsShown(slice);
        processor.Inline = _withEmoji && !isShown && IsCustomEmoji(slice.AsSpan()[1..])
            ? new HtmlInline(":<wbr>") { IsClosed = true }
            : new LiteralInline(new StringSlice(slice.Text, isShown ? slice.Start : slice.Start + 1, slice.Start + 1)) { IsClosed = true };
        slice.Start += 2;
        return true;
    }

    /// <summary>Whether a text begins with what scripts read as the name of a custom emoji, between its colons.</summary>
    private static bool IsCustomEmoji(ReadOnlySpan<char> text)
    {
        if (text is not [':', .. var rest])
            return false;
        var end = rest.IndexOfAnyExcept(NameCharacters);
        return end is >= 2 and <= MaxName && rest[end] == ':' && EmojiList.FindByShortName(rest[..end]) is null;
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
