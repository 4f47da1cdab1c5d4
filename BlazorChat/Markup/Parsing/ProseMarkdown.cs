using AngleSharp.Dom;
using BlazorChat.Markup.Code;
using Ganss.Xss;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Parsers.Inlines;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace BlazorChat.Markup.Parsing;

/// <summary>The Markdown of messages and posts: prose first, to which marks add something. docs/markdown.md lists the differences to CommonMark.</summary>
internal static class ProseMarkdown
{
    private const string Right = "align-right";

    private const string Center = "align-center";

    /// <summary>The headings of a page above its messages and posts.</summary>
    private const int TitleLevels = 2;

    private const int MaxLevel = 6;

    /// <param name="withMentions">Whether <c>@name</c> and <c>#name</c> are marked (<see cref="MentionParser"/>), addresses of messages linked (<see cref="PermalinkParser"/>), and short names of emoji replaced (<see cref="EmojiParser"/>).</param>
    public static MarkdownPipeline CreatePipeline(bool withMentions = false)
    {
        var builder = new MarkdownPipelineBuilder()
            .DisableHtml()
            .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
            .UseSoftlineBreakAsHardlineBreak();
        builder.BlockParsers.Clear();
        builder.BlockParsers.AddRange(
        [
            new ProseBreakParser(),
            new ProseHeadingParser(),
            new ProseQuoteParser(),
            new ProseListParser(),
            new ProseFenceParser(),
            new ProseParagraphParser(),
        ]);
        // An entity is text like any other.
        builder.InlineParsers.RemoveAll(parser => parser is HtmlEntityParser);
        builder.InlineParsers.Replace<EscapeInlineParser>(new BackslashParser(withMentions));
        builder.InlineParsers.Replace<EmphasisInlineParser>(new ProseEmphasisParser());
        builder.InlineParsers.Insert(0, new AddressParser());
        builder.InlineParsers.Insert(0, new SpoilerParser());
        if (withMentions)
        {
            builder.InlineParsers.Insert(0, new PermalinkParser());
            builder.InlineParsers.Insert(0, new MentionParser());
            builder.InlineParsers.Add(new EmojiParser());
        }

        builder.InlineParsers.InsertBefore<LinkInlineParser>(new TaskListInlineParser { ListItemClass = TaskRenderer.ClassName });
        return builder.UsePipeTables().Build();
    }

    /// <summary>Writes as classes and numbers what the renderer would write as styles, or would leave to the browser to count.</summary>
    public static void Mark(MarkdownDocument document)
    {
        SpoilerParser.Pair(document);
        foreach (var block in document.Descendants())
        {
            if (block is Table table)
                MarkColumns(table);
            else if (block is ListBlock { IsOrdered: true } list)
                MarkNumbers(list);
            else if (block is HeadingBlock heading)
                heading.Level = Math.Min(heading.Level + TitleLevels, MaxLevel);
        }
    }

    public static string Render(MarkdownDocument document, MarkdownPipeline pipeline)
    {
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<LineBreakInlineRenderer>(new BreakRenderer());
        renderer.ObjectRenderers.Add(new TaskRenderer());
        renderer.ObjectRenderers.Add(new MentionRenderer());
        renderer.ObjectRenderers.Add(new SpoilerRenderer());
        renderer.Render(document);
        return writer.ToString();
    }

    /// <summary>Allows the classes and numbers of <see cref="Mark"/>, and no others.</summary>
    public static void Allow(HtmlSanitizer sanitizer)
    {
        sanitizer.AllowedAttributes.Add("class");
        sanitizer.AllowedAttributes.Add("value");
        sanitizer.AllowedAttributes.Add("tabindex");
        sanitizer.AllowedTags.Add(SpoilerRenderer.ElementName);
        sanitizer.PostProcessNode += (_, node) =>
        {
            if (node.Node is not IElement element || IsGenuine(element))
                return;
            if (element.LocalName != "figure")
                element.RemoveAttribute("class");
            element.RemoveAttribute("value");
            element.RemoveAttribute("tabindex");
        };
    }

    public static bool IsGenuine(IElement element) => element.LocalName switch
    {
        "td" or "th" => element.ClassName is Right or Center,
        "p" => element.ClassName == ProseParagraphParser.Columns,
        "li" => string.IsNullOrEmpty(element.ClassName) || element.ClassName == TaskRenderer.ClassName,
        SpoilerRenderer.ElementName => element.ClassName == SpoilerRenderer.ClassName,
        "code" => element.ParentElement?.LocalName == "pre" && CodeHighlighter.LanguageClass.IsMatch(element.ClassName ?? ""),
        "span" => element.ClassName == MentionRenderer.ClassName,
        _ => false,
    };

    private static void MarkColumns(Table table)
    {
        foreach (var row in table.OfType<TableRow>())
        {
            for (var i = 0; i < row.Count && i < table.ColumnDefinitions.Count; i++)
            {
                var name = table.ColumnDefinitions[i].Alignment switch
                {
                    TableColumnAlign.Right => Right,
                    TableColumnAlign.Center => Center,
                    _ => null,
                };
                if (name is not null)
                    row[i].GetAttributes().AddClass(name);
            }
        }
    }

    /// <summary>A number that was typed is shown. One that is the first one's again counts on, as Markdown has it.</summary>
    private static void MarkNumbers(ListBlock list)
    {
        var items = list.OfType<ListItemBlock>().ToList();
        var next = items[0].Order;
        foreach (var item in items)
        {
            if (item.Order != next && item.Order != items[0].Order)
                item.GetAttributes().AddProperty("value", $"{next = item.Order}");
            next++;
        }
    }

    /// <summary>Without the line break of the source, which would be another one where spaces are shown as they are.</summary>
    private sealed class BreakRenderer : HtmlObjectRenderer<LineBreakInline>
    {
        protected override void Write(HtmlRenderer renderer, LineBreakInline obj)
        {
            if (!renderer.IsLastInContainer)
                renderer.Write("<br>");
        }
    }
}
