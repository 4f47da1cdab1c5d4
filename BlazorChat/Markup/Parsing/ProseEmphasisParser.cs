using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Syntax.Inlines;

namespace BlazorChat.Markup.Parsing;

/// <summary>
/// Emphasis that leaves sums, masked names and numbers, globs and trailing tildes as they were typed. It adds to CommonMark's rules,
/// which are those for Korean, Japanese and Chinese: see docs/markdown.md.
/// </summary>
internal sealed class ProseEmphasisParser : EmphasisInlineParser
{
    private const int MaxRun = 3;

    public ProseEmphasisParser()
    {
        CjkFriendlyEmphasis = true;
        EmphasisDescriptors.Add(new EmphasisDescriptor('~', 2, 2, true));
    }

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var mark = slice.CurrentChar;
        var previous = slice.PeekCharExtra(-1);
        // Within a run that was looked at already.
        if (previous == mark && slice.PeekCharExtra(-2) != '\\')
            return false;
        var length = 1;
        while (slice.PeekChar(length) == mark)
            length++;
        var next = slice.PeekChar(length);
        if (IsProse(mark, length, previous, next) || !base.Match(processor, ref slice))
            return false;
        if (mark != '_' && !MayOpen(mark, length, previous) && processor.Inline is EmphasisDelimiterInline delimiter)
            delimiter.Type &= ~DelimiterType.Open;
        return true;
    }

    private static bool IsProse(char mark, int length, char previous, char next)
    {
        // ~~~ trails off; **** and ____ stand for something that is hidden or to be filled in.
        if (length > MaxRun || (mark == '~' && length != 2))
            return true;
        // 5*3*2, 2**10
        if (Script.IsSpacedLetter(previous) && Script.IsSpacedLetter(next))
            return true;
        // /* a comment */, **/*.cs
        return mark == '*' && (length == 1 ? previous == '/' || next == '/' : previous == '/' && next == '/');
    }

    /// <summary>
    /// One asterisk within a word hides a letter (홍*동) or multiplies ((a)*b), two tildes draw a word out (와~~): only two asterisks begin there.
    /// </summary>
    private static bool MayOpen(char mark, int length, char previous) =>
        (mark == '*' && length > 1) || !(char.IsLetterOrDigit(previous) || previous is ')' or ']' or '}');
}
