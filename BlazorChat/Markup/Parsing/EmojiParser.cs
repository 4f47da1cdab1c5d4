using System.Buffers;
using BlazorChat.Common.Emoji;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax.Inlines;

namespace BlazorChat.Markup.Parsing;

/// <summary>Replaces <c>:tada:</c> by its emoji, outside of code. Other text between colons stays, as in a time or a namespace.</summary>
internal sealed class EmojiParser : InlineParser
{
    private const int MaxName = 60;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_+-");

    public EmojiParser() => OpeningCharacters = [':'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        // A colon after a letter or a digit belongs to its word. Korean, Japanese and Chinese words need no space.
        if (char.IsLetterOrDigit(slice.PeekCharExtra(-1)) && !Script.IsCjk(slice.PeekCharExtra(-1)))
            return false;
        var rest = slice.AsSpan()[1..];
        var end = rest[..Math.Min(rest.Length, MaxName + 1)].IndexOfAnyExcept(NameCharacters);
        if (end <= 0 || rest[end] != ':' || (end + 1 < rest.Length && char.IsAsciiLetterOrDigit(rest[end + 1])))
            return false;
        if (EmojiList.FindByShortName(rest[..end]) is not { } emoji)
            return false;
        processor.Inline = new LiteralInline(emoji) { IsClosed = true };
        slice.Start += end + 2;
        return true;
    }
}
