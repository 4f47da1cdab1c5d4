using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace BlazorChat.Markup.Figures;

/// <summary>The words of a part of a Markdown text.</summary>
internal static class InlineText
{
    public static string Read(ContainerInline content) => string.Concat(content.Descendants().Select(inline => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        LineBreakInline => " ",
        _ => "",
    })).Trim();
}
