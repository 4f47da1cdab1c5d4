using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using BlazorChat.Markup.Figures;
using BlazorChat.Markup.Parsing;
using Ganss.Xss;
using Markdig.Helpers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace BlazorChat.Markup.Embeds;

/// <summary>
/// A link to a known service that stands alone becomes a card: still a link, with the address of a frame that a script may show instead.
/// Until a reader clicks it, no request is sent to the service.
/// </summary>
internal static partial class EmbedCards
{
    private const string Frame = "data-embed";

    /// <summary>Replaces the links that are alone in a paragraph, outside of quotes and lists, by cards.</summary>
    public static void PutInto(MarkdownDocument document)
    {
        for (var i = 0; i < document.Count; i++)
        {
            if (document[i] is ParagraphBlock { Inline: { } content }
                && Read(content) is var (address, title)
                && EmbedServices.Find(address) is { } embed)
            {
                document[i] = new HtmlBlock(null) { Lines = new StringLineGroup(Write(embed, address, title)) };
            }
        }
    }

    /// <summary>Allows cards, and nothing that only looks like one: the address of the frame is computed again from the link.</summary>
    public static void Allow(HtmlSanitizer sanitizer)
    {
        sanitizer.AllowedTags.Add("figure");
        sanitizer.AllowedAttributes.Add("class");
        sanitizer.AllowedAttributes.Add(Frame);
        sanitizer.PostProcessNode += (_, node) =>
        {
            if (node.Node is not IElement element || IsGenuine(element) || FileFigures.IsGenuine(element) || ProseMarkdown.IsGenuine(element))
                return;
            element.RemoveAttribute("class");
            element.RemoveAttribute(Frame);
        };
    }

    /// <summary>The same HTML with links instead of cards, for readers without our scripts.</summary>
    /// <param name="html">What <see cref="MarkdownHtml"/> rendered.</param>
    public static string AsLinks(string html) => Card.Replace(html, "<p>$1</p>");

    private static (string Address, string Title)? Read(ContainerInline content) => content.FirstChild switch
    {
        { NextSibling: not null } => null,
        LinkInline { IsImage: false, Url: { } address } link => (address, link.IsAutoLink ? "" : InlineText.Read(link)),
        AutolinkInline { IsEmail: false } link => (link.Url, ""),
        _ => null,
    };

    private static string Write(Embed embed, string address, string title)
    {
        var heading = title.Length == 0 || title == address ? "" : $"<strong>{WebUtility.HtmlEncode(title)}</strong> · ";
        return $"""<figure class="{StyleOf(embed)}" {Frame}="{WebUtility.HtmlEncode(embed.Frame)}"><a href="{WebUtility.HtmlEncode(address)}" rel="{MarkdownHtml.OutsideRel}" target="_blank">{heading}{embed.Label}</a></figure>""";
    }

    private static bool IsGenuine(IElement element) =>
        element.LocalName == "figure"
        && element.Children is [{ LocalName: "a" } link]
        && EmbedServices.Find(link.GetAttribute("href") ?? "") is { } embed
        && element.GetAttribute(Frame) == embed.Frame
        && element.ClassName == StyleOf(embed);

    private static string StyleOf(Embed embed) => $"embed embed-{embed.Shape.ToString().ToLowerInvariant()}";

    // The sanitiser writes attributes in their order, and no bare angle bracket in a text.
    [GeneratedRegex("""<figure class="embed [a-z-]+" data-embed="[^"]*">(.*?)</figure>""", RegexOptions.Singleline)]
    private static partial Regex Card { get; }
}
