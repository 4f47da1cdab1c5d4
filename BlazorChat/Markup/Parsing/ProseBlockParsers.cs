using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace BlazorChat.Markup.Parsing;

/// <summary>A quotation is <c>&gt;</c>, a space and a text: <c>&gt;_&lt;</c> and <c>&gt;&gt;&gt; print(1)</c> stay as they are.</summary>
internal sealed class ProseQuoteParser : QuoteBlockParser
{
    public override BlockState TryOpen(BlockProcessor processor)
    {
        var rest = processor.Line.AsSpan()[1..];
        return rest.Length > 1 && rest[0] is ' ' or '\t' && !rest.IsWhiteSpace() ? base.TryOpen(processor) : BlockState.None;
    }
}

/// <summary>A heading is <c>#</c>, a space and a text.</summary>
internal sealed class ProseHeadingParser : HeadingBlockParser
{
    public override BlockState TryOpen(BlockProcessor processor) =>
        processor.Line.AsSpan().Trim("# \t").Length > 0 ? base.TryOpen(processor) : BlockState.None;
}

/// <summary>A line of dashes below a text belongs to the text.</summary>
internal sealed class ProseBreakParser : ThematicBreakParser
{
    public override bool CanInterrupt(BlockProcessor processor, Block block) => block is not ParagraphBlock;
}

/// <summary>Fences of backticks alone: <c>~~~</c> trails off.</summary>
internal sealed class ProseFenceParser : FencedCodeBlockParser
{
    public ProseFenceParser() => OpeningCharacters = ['`'];
}

/// <summary>
/// Lines of text keep their indentation, and those that stand in columns are marked as such. No heading is made by dashes.
/// </summary>
internal sealed class ProseParagraphParser : ParagraphBlockParser
{
    public const string Columns = "columns";

    private const int MinColumnLines = 2;

    public ProseParagraphParser() => ParseSetextHeadings = false;

    public override bool Close(BlockProcessor processor, Block block)
    {
        var paragraph = (ParagraphBlock)block;
        ref var lines = ref paragraph.Lines;
        RemoveDefinitions(ref lines, processor);
        if (lines.Count == 0)
            return false;
        var isTable = false;
        var columnLines = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines.Lines[i].Slice.AsSpan();
            isTable |= IsTableRule(line);
            columnLines += HasGap(line.Trim()) ? 1 : 0;
        }

        if (!isTable)
        {
            for (var i = 0; i < lines.Count; i++)
                lines.Lines[i].Slice.Start = FindStart(paragraph, lines.Lines[i].Slice.Text, lines.Lines[i].Slice.Start, lines.Lines[i].Column);
            if (columnLines >= MinColumnLines)
                paragraph.GetAttributes().AddClass(Columns);
        }

        lines.Lines[lines.Count - 1].Slice.TrimEnd();
        return true;
    }

    /// <summary>Removes <c>[name]: https://…</c> from the text where something links by the name; any other line would vanish.</summary>
    private static void RemoveDefinitions(ref StringLineGroup lines, BlockProcessor processor)
    {
        while (lines.Count > 0 && lines.Lines[0].Slice.CurrentChar == '[')
        {
            var text = lines.Lines[0].Slice.Text;
            var iterator = lines.ToCharIterator();
            if (!LinkReferenceDefinition.TryParse(ref iterator, out LinkReferenceDefinition? definition)
                || definition is not { Label: { } label, Url: { } url } || !IsAddress(url) || !IsUsed(text, $"[{label}]"))
                return;
            processor.Document.SetLinkReferenceDefinition(label, definition, true);
            lines = iterator.Remaining();
        }
    }

    private static bool IsAddress(string url) =>
        url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || url.StartsWith("attachment:", StringComparison.OrdinalIgnoreCase);

    private static bool IsUsed(string text, string name) =>
        text.IndexOf(name, StringComparison.OrdinalIgnoreCase) != text.LastIndexOf(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Where a line begins with its indentation: all of it, or within a quotation or a list what goes beyond the first line's.</summary>
    private static int FindStart(ParagraphBlock paragraph, string text, int start, int column)
    {
        var most = paragraph.Parent is MarkdownDocument ? int.MaxValue : column - paragraph.Column;
        for (; most > 0 && start > 0 && text[start - 1] is ' ' or '\t'; most--)
            start--;
        return start;
    }

    private static bool IsTableRule(ReadOnlySpan<char> line) => line.Contains('-') && line.ContainsAny('|', ':') && !line.ContainsAnyExcept("|:- \t");

    /// <summary>Words apart by a tab or by more spaces than a sentence's end is followed by.</summary>
    private static bool HasGap(ReadOnlySpan<char> line)
    {
        if (line.Contains('\t'))
            return true;
        for (int at = 0, next; (next = line[at..].IndexOf("  ")) >= 0; at += next + 1)
        {
            if (at + next > 0 && line[at + next - 1] is not (' ' or '.' or '!' or '?' or ':' or '。'))
                return true;
        }

        return false;
    }
}
