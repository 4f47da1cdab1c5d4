using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax.Inlines;

namespace BlazorChat.Markup.Parsing;

/// <summary>
/// Makes links of <c>https://…</c>, <c>http://…</c> and <c>www.…</c> wherever they begin: after Korean and Japanese words and any
/// punctuation too. Where they end is <see cref="AddressEnd"/>'s.
/// </summary>
internal sealed class AddressParser : InlineParser
{
    private static readonly string[] Beginnings = ["https://", "http://", "www."];

    public AddressParser() => OpeningCharacters = ['h', 'H', 'w', 'W'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var text = slice.AsSpan();
        var beginning = "";
        foreach (var each in Beginnings)
        {
            if (text.StartsWith(each, StringComparison.OrdinalIgnoreCase))
            {
                beginning = each;
                break;
            }
        }

        if (beginning.Length == 0 || Script.IsSpacedLetter(slice.PeekCharExtra(-1)))
            return false;
        var length = AddressEnd.Find(text, beginning.Length);
        if (length == 0 || IsTextOfLink(processor, text[length..]))
            return false;
        var address = text[..length].ToString();
        var link = new LinkInline
        {
            Url = beginning == "www." ? $"http://{address}" : address,
            IsClosed = true,
            IsAutoLink = true,
        };
        link.AppendChild(new LiteralInline(new StringSlice(slice.Text, slice.Start, slice.Start + length - 1)) { IsClosed = true });
        processor.Inline = link;
        slice.Start += length;
        return true;
    }

    /// <summary>Within <c>[…](…)</c> there is no other link.</summary>
    internal static bool IsTextOfLink(InlineProcessor processor, ReadOnlySpan<char> rest)
    {
        for (var inline = processor.Inline; inline is not null; inline = inline.Parent)
        {
            if (inline is LinkDelimiterInline { IsActive: true, Type: DelimiterType.Open })
                return rest.IndexOf(']') is >= 0 and var end && rest[end..].StartsWith("](", StringComparison.Ordinal);
        }

        return false;
    }
}
