using BlazorChat.Markup.Parsing;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace BlazorChat.Markup;

/// <summary>Finds the addresses of other sites that a text links to.</summary>
internal static class OutsideLinks
{
    private static readonly MarkdownPipeline Pipeline = ProseMarkdown.CreatePipeline(withMentions: true);

    /// <summary>
    /// The absolute addresses of HTTP in the order of the text. None in code and in hidden texts, none between angle brackets, and none of a text that is
    /// shown as it was typed.
    /// </summary>
    public static IEnumerable<Uri> Find(string markdown)
    {
        if (!MayHave(markdown) || !MarkdownBounds.Holds(markdown))
            return [];
        try
        {
            var document = Markdown.Parse(markdown, Pipeline);
            SpoilerParser.Pair(document);
            return document.Descendants<LinkInline>().Where(link => !IsHidden(link)).Select(Read).OfType<Uri>();
        }
        catch (ArgumentException)
        {
            // Markdig's exception for too deep a nesting.
            return [];
        }
    }

    private static bool MayHave(string markdown) =>
        markdown.Contains("http", StringComparison.OrdinalIgnoreCase) || markdown.Contains("www.", StringComparison.OrdinalIgnoreCase);

    private static Uri? Read(LinkInline link) =>
        Uri.TryCreate(link.Url, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp) ? address : null;

    /// <summary>Whether the last mark before it, or before what contains it, begins a hidden text.</summary>
    private static bool IsHidden(Inline inline)
    {
        for (Inline? outer = inline; outer is not null; outer = outer.Parent)
        {
            for (var before = outer.PreviousSibling; before is not null; before = before.PreviousSibling)
            {
                if (before is not SpoilerMark { Begins: { } begins })
                    continue;
                if (begins)
                    return true;
                break;
            }
        }

        return false;
    }
}
