using System.Buffers;
using System.Text;
using BlazorChat.Markup.Parsing;

namespace BlazorChat.Markup;

/// <summary>Text that Markdown renders as one paragraph with the same characters, like most messages of a chat.</summary>
internal static class PlainParagraph
{
    // All other characters have a meaning in Markdown or HTML, or might get one.
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,;!?'\"()/-");

    private static readonly SearchValues<char> PlainOrMention = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,;!?'\"()/-@");

    /// <summary>True when the text needs no rendering. False for some texts that need none either.</summary>
    public static bool Is(string text) => text.Length > 0 && char.IsLetter(text[0]) && Has(Plain, text);

    /// <summary>The same for a text that may have mentions of people, which <see cref="MarkMentions"/> marks.</summary>
    public static bool IsWithMentions(string text) => text.Length > 0 && (char.IsLetter(text[0]) || text[0] == '@') && Has(PlainOrMention, text);

    /// <summary>Marks the mentions of people as <see cref="MentionParser"/> does.</summary>
    public static string MarkMentions(string text)
    {
        var marked = new StringBuilder(text.Length + 64);
        var (copied, at) = (0, -1);
        while ((at = text.IndexOf('@', at + 1)) >= 0)
        {
            var length = MentionMark.FindLength(text, at);
            if (length == 0)
                continue;
            marked.Append(text, copied, at - copied).Append(MentionMark.Of(text.AsSpan(at, length)));
            copied = at + length;
            at = copied - 1;
        }

        return marked.Append(text, copied, text.Length - copied).ToString();
    }

    // A digit or a dash at the start may begin a list; spaces at the ends are cut off; and a "www." or the path of a message begins a link.
    private static bool Has(SearchValues<char> characters, string text)
    {
        if (text[^1] == ' ' || text.Contains("www.", StringComparison.OrdinalIgnoreCase) || text.Contains("/rooms/", StringComparison.OrdinalIgnoreCase))
            return false;
        foreach (var character in text)
        {
            if (!characters.Contains(character) && !char.IsLetter(character))
                return false;
        }

        return true;
    }
}
