using System.Buffers;

namespace BlazorChat.Markup;

/// <summary>Text that Markdown renders as one paragraph with the same characters, like most messages of a chat.</summary>
internal static class PlainParagraph
{
    // All other characters have a meaning in Markdown or HTML, or might get one.
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,;!?'\"()/-");

    /// <summary>True when the text needs no rendering. False for some texts that need none either.</summary>
    public static bool Is(string text)
    {
        // A digit or a dash at the start may begin a list; spaces at the ends are cut off; and a "www." begins a link.
        if (text.Length == 0 || !char.IsLetter(text[0]) || text[^1] == ' ' || text.Contains("www.", StringComparison.OrdinalIgnoreCase))
            return false;
        foreach (var character in text)
        {
            if (!Plain.Contains(character) && !char.IsLetter(character))
                return false;
        }

        return true;
    }
}
