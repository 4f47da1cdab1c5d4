using BlazorChat.Markup;

namespace BlazorChat.Rooms.Messages;

/// <summary>A message that says what its author does: <c>/me waves</c>. It is known by its HTML, which is made when it is written.</summary>
internal static class ActionText
{
    private const string Mark = "/me";

    // Nobody can write it: the sanitiser removes their classes.
    private const string Start = "<div class=\"action\">";

    /// <summary>The HTML of a message, with marked mentions.</summary>
    public static string Render(string markdown)
    {
        if (!markdown.StartsWith(Mark, StringComparison.OrdinalIgnoreCase) || markdown.Length == Mark.Length || !char.IsWhiteSpace(markdown[Mark.Length]))
            return MarkdownHtml.RenderWithMentions(markdown);
        var action = markdown[Mark.Length..].Trim();
        return action.Length == 0 ? MarkdownHtml.RenderWithMentions(markdown) : $"{Start}{MarkdownHtml.RenderWithMentions(action)}</div>";
    }

    /// <summary>Whether stored HTML is that of an action.</summary>
    public static bool Is(string html) => html.StartsWith(Start, StringComparison.Ordinal);
}
