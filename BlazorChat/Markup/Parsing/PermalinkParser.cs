using System.Text.RegularExpressions;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax.Inlines;

namespace BlazorChat.Markup.Parsing;

/// <summary>
/// Makes links of the addresses of messages where <see cref="AddressParser"/> sees none: of a path alone, and of a host without a dot, as in a local
/// network.
/// </summary>
internal sealed partial class PermalinkParser : InlineParser
{
    private const int MaxLength = 300;

    /// <summary>Before a path these belong to a longer one, or to a word.</summary>
    private const string PartsOfPath = "/\\.:_-@#&=?%+~$";

    public PermalinkParser() => OpeningCharacters = ['/', 'h', 'H'];

    /// <summary>Whether it is the path of a message of this site.</summary>
    public static bool IsPath(string? url) => url is ['/', ..] && Permalink.Match(url) is { Success: true } match && match.Length == url.Length;

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var previous = slice.PeekCharExtra(-1);
        if (Script.IsSpacedLetter(previous) || PartsOfPath.Contains(previous))
            return false;
        var text = slice.AsSpan();
        var length = 0;
        foreach (var match in Permalink.EnumerateMatches(text[..Math.Min(text.Length, MaxLength)]))
            length = match.Length;
        if (length == 0 || AddressParser.IsTextOfLink(processor, text[length..]))
            return false;
        var link = new LinkInline { Url = text[..length].ToString(), IsClosed = true, IsAutoLink = true };
        link.AppendChild(new LiteralInline(new StringSlice(slice.Text, slice.Start, slice.Start + length - 1)) { IsClosed = true });
        processor.Inline = link;
        slice.Start += length;
        return true;
    }

    [GeneratedRegex(
        @"\A(?:https?://[a-z0-9.-]+(?::[0-9]{1,5})?)?/rooms/[0-9]{1,9}(?:#m-[0-9]{1,15}|(?:/[0-9]{1,15}){1,2})(?![a-z0-9_/#?=&%-])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Permalink { get; }
}
