using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace BlazorChat.Markup.Parsing;

/// <summary>Two bars that may begin or end a hidden text. Those without a partner are shown as they were typed.</summary>
internal sealed class SpoilerMark(bool mayBegin, bool mayEnd) : LeafInline
{
    public bool MayBegin { get; } = mayBegin;

    public bool MayEnd { get; } = mayEnd;

    /// <summary>What the mark became: true for a beginning, false for an end, null for text.</summary>
    public bool? Begins { get; set; }
}

/// <summary>Finds <c>||hidden||</c>. Bars between words or spaces are those of a table or of code: <c>a || b</c>, <c>|a||b|</c>.</summary>
internal sealed class SpoilerParser : InlineParser
{
    public SpoilerParser() => OpeningCharacters = ['|'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var (previous, next) = (slice.PeekCharExtra(-1), slice.PeekChar(2));
        if (slice.PeekChar() != '|' || previous == '|' || next == '|')
            return false;
        var mayBegin = IsOutside(previous) && IsInside(next);
        var mayEnd = IsInside(previous) && IsOutside(next);
        if (!mayBegin && !mayEnd)
            return false;
        processor.Inline = new SpoilerMark(mayBegin, mayEnd) { IsClosed = true };
        slice.Start += 2;
        return true;
    }

    /// <summary>Pairs the marks that stand beside one another in the same text.</summary>
    public static void Pair(MarkdownDocument document)
    {
        foreach (var container in document.Descendants<SpoilerMark>().Select(mark => mark.Parent).OfType<ContainerInline>().Distinct().ToList())
        {
            SpoilerMark? open = null;
            foreach (var mark in container.OfType<SpoilerMark>())
            {
                if (open is not null && mark.MayEnd)
                    (open.Begins, mark.Begins, open) = (true, false, null);
                else if (mark.MayBegin)
                    open = mark;
            }
        }
    }

    private static bool IsInside(char character) => character != '\0' && !char.IsWhiteSpace(character);

    private static bool IsOutside(char character) =>
        character == '\0' || !char.IsLetterOrDigit(character) || Script.IsCjk(character);
}

/// <summary>Nothing else is an <c>i</c>. A hidden text can be focused, which shows it: no script is needed.</summary>
internal sealed class SpoilerRenderer : HtmlObjectRenderer<SpoilerMark>
{
    public const string ElementName = "i";

    public const string ClassName = "spoiler";

    protected override void Write(HtmlRenderer renderer, SpoilerMark obj) => renderer.Write(obj.Begins switch
    {
        true => $"<{ElementName} class=\"{ClassName}\" tabindex=\"0\">",
        false => $"</{ElementName}>",
        null => "||",
    });
}
