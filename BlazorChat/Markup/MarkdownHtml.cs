using System.Net;
using BlazorChat.Markup.Code;
using BlazorChat.Markup.Embeds;
using BlazorChat.Markup.Figures;
using BlazorChat.Markup.Parsing;
using Ganss.Xss;
using Markdig;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace BlazorChat.Markup;

/// <summary>Turns the Markdown that a person wrote into the HTML that every reader gets, once, when it is written.</summary>
internal static class MarkdownHtml
{
    /// <summary>UTF-16 code units of a rendering, so that an event which carries it fits on the channel layer.</summary>
    public const int MaxLength = 125_000;

    /// <summary>The <c>rel</c> of links to other sites: no weight for search engines, no access to our page, and no referrer.</summary>
    public const string OutsideRel = "nofollow noopener noreferrer";

    private static readonly MarkdownPipeline Pipeline = ProseMarkdown.CreatePipeline();

    private static readonly MarkdownPipeline MentionPipeline = ProseMarkdown.CreatePipeline(withMentions: true);

    private static readonly HtmlSanitizer Sanitizer = CreateSanitizer();

    private static readonly HtmlSanitizer MentionSanitizer = CreateSanitizer();

    private static readonly HtmlSanitizer CardSanitizer = CreateSanitizer();

    private static readonly Dictionary<Guid, ShownFile> NoFiles = [];

    static MarkdownHtml()
    {
        MentionSanitizer.AllowedTags.Add("span");
        MentionSanitizer.AllowedTags.Add("wbr");
        EmbedCards.Allow(CardSanitizer);
        FileFigures.Allow(CardSanitizer);
    }

    /// <summary>
    /// Safe HTML of at most <see cref="MaxLength"/> characters, for text of up to 20,000. What would be longer, or has more marks than
    /// <see cref="MarkdownBounds"/> allows, is shown as it was typed. docs/markdown.md describes the syntax.
    /// </summary>
    /// <param name="withEmbeds">Whether links to known services that stand alone become cards (<see cref="EmbedCards"/>).</param>
    /// <param name="files">Those that are shown where the text names them (<see cref="FileFigures"/>); null for none.</param>
    public static string Render(string markdown, bool withEmbeds = false, IReadOnlyDictionary<Guid, ShownFile>? files = null) =>
        PlainParagraph.Is(markdown) ? $"<p>{markdown}</p>" : RenderMarked(markdown, withEmbeds, files);

    /// <summary>
    /// The same, where <c>@name</c> and <c>#name</c> are each in a <c>span</c> of the class <c>mention</c>; nothing else is in one. None are
    /// marked in code and links, or in a text that is shown as it was typed.
    /// </summary>
    public static string RenderWithMentions(string markdown) =>
        PlainParagraph.Is(markdown) ? $"<p>{markdown}</p>"
        : PlainParagraph.IsWithMentions(markdown) ? $"<p>{PlainParagraph.MarkMentions(markdown)}</p>"
        : RenderMarked(markdown, withMentions: true);

    /// <summary>The same without the short ways for plain text.</summary>
    internal static string RenderMarked(
        string markdown, bool withEmbeds = false, IReadOnlyDictionary<Guid, ShownFile>? files = null, bool withMentions = false)
    {
        if (!MarkdownBounds.Holds(markdown))
            return AsTyped(markdown);
        try
        {
            var html = RenderAll(markdown, withEmbeds, files ?? NoFiles, withMentions);
            var highlighted = CodeHighlighter.Default.HighlightAll(html);
            return highlighted.Length <= MaxLength ? highlighted : html.Length <= MaxLength ? html : AsTyped(markdown);
        }
        catch (ArgumentException)
        {
            // Markdig's word for too deep a nesting.
            return AsTyped(markdown);
        }
    }

    /// <summary>The ids of the files that a text names, in its order; none of a text that is shown as it was typed.</summary>
    public static IReadOnlyList<Guid> FindFiles(string markdown)
    {
        if (!MarkdownBounds.Holds(markdown))
            return [];
        try
        {
            return [.. Markdown.Parse(markdown, Pipeline).Descendants<LinkInline>().Select(FileFigures.ReadId).OfType<Guid>().Distinct()];
        }
        catch (ArgumentException)
        {
            return [];
        }
    }

    private static string RenderAll(string markdown, bool withEmbeds, IReadOnlyDictionary<Guid, ShownFile> files, bool withMentions)
    {
        var pipeline = withMentions ? MentionPipeline : Pipeline;
        var document = Markdown.Parse(markdown, pipeline);
        if (withEmbeds)
            EmbedCards.PutInto(document);
        if (files.Count > 0)
            FileFigures.PutInto(document, files);
        foreach (var link in document.Descendants<LinkInline>().Where(link => files.Count == 0 || !FileFigures.IsInside(link)))
            ShowAsOutsideLink(link);
        foreach (var link in document.Descendants<AutolinkInline>())
            MarkOutside(link.GetAttributes());
        ProseMarkdown.Mark(document);
        var sanitizer = withEmbeds || files.Count > 0 ? CardSanitizer : withMentions ? MentionSanitizer : Sanitizer;
        return MakeFocusable(sanitizer.Sanitize(ProseMarkdown.Render(document, pipeline)).Trim());
    }

    /// <summary>What scrolls sideways is scrolled by keys too, in browsers that do not focus it by themselves.</summary>
    private static string MakeFocusable(string html) => html
        .Replace("<pre>", "<pre tabindex=\"0\">", StringComparison.Ordinal)
        .Replace("<table>", "<table tabindex=\"0\">", StringComparison.Ordinal)
        .Replace($"<p class=\"{ProseParagraphParser.Columns}\">", $"<p class=\"{ProseParagraphParser.Columns}\" tabindex=\"0\">", StringComparison.Ordinal);

    private static string AsTyped(string text) => $"<p>{WebUtility.HtmlEncode(text).ReplaceLineEndings("<br>")}</p>";

    /// <summary>A picture of another site would send requests of its readers there, so it becomes a link.</summary>
    private static void ShowAsOutsideLink(LinkInline link)
    {
        if (link.IsImage)
        {
            link.IsImage = false;
            if (link.FirstChild is null)
                link.AppendChild(new LiteralInline(link.Url ?? ""));
        }

        if (!PermalinkParser.IsPath(link.Url))
            MarkOutside(link.GetAttributes());
    }

    private static void MarkOutside(HtmlAttributes attributes)
    {
        attributes.AddProperty("rel", OutsideRel);
        attributes.AddProperty("target", "_blank");
    }

    private static HtmlSanitizer CreateSanitizer()
    {
        var options = new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
            {
                "p", "br", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr",
                "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
            },
            AllowedAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href", "rel", "target", "start" },
            UriAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href" },
            AllowedSchemes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "http", "https", "mailto" },
        };
        var sanitizer = new HtmlSanitizer(options);
        ProseMarkdown.Allow(sanitizer);
        return sanitizer;
    }
}
