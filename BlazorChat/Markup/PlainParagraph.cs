using System.Buffers;

namespace BlazorChat.Markup;

/// <summary>Text of which Markdown makes one paragraph with the same characters, as most that is said in a chat.</summary>
internal static class PlainParagraph
{
    // What is missing here means something to Markdown or to HTML, or might to a later version of them.
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,;!?'\"()/-");

    /// <summary>True when it needs no rendering. False says nothing: the text may be as plain.</summary>
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
