using Markdig.Parsers;

namespace BlazorChat.Markup.Parsing;

/// <summary>Lists of <c>-</c> and <c>*</c>, and numbered ones that begin with 1 or 0. A date or a sum at the start of a line is none.</summary>
internal sealed class ProseListParser : ListBlockParser
{
    public ProseListParser()
    {
        ItemParsers.Clear();
        ItemParsers.Add(new BulletParser());
        ItemParsers.Add(new NumberParser());
    }

    public override BlockState TryOpen(BlockProcessor processor) =>
        // The base class parses a line of marks as a break.
        ListMark.Find(processor.Line.AsSpan()) is var length && length > 0 && ListMark.HasText(processor.Line.AsSpan()[length..])
            ? base.TryOpen(processor)
            : BlockState.None;

    private sealed class BulletParser : UnorderedListItemParser
    {
        public BulletParser() => OpeningCharacters = ['-', '*'];

        public override bool TryParse(BlockProcessor state, char pendingBulletType, out ListInfo result) =>
            base.TryParse(state, pendingBulletType, out result) && ListMark.HasText(state.Line.AsSpan());
    }

    private sealed class NumberParser : NumberedListItemParser
    {
        private const char Ordered = '1';

        public override bool TryParse(BlockProcessor state, char pendingBulletType, out ListInfo result)
        {
            var digits = state.Line.AsSpan();
            return base.TryParse(state, pendingBulletType, out result)
                && result.OrderedDelimiter == '.'
                && (digits[0] != '0' || digits[1] == '.')
                && (pendingBulletType == Ordered || result.OrderedStart is "0" or "1")
                && ListMark.HasText(state.Line.AsSpan());
        }
    }
}

internal static class ListMark
{
    private const int MaxDigits = 9;

    /// <summary>Characters of the mark of a list that a line begins with; 0 for none.</summary>
    public static int Find(ReadOnlySpan<char> line)
    {
        if (line.Length == 0)
            return 0;
        if (line[0] is '-' or '*' or '+')
            return IsEnd(line[1..]) ? 1 : 0;
        var digits = 0;
        while (digits < line.Length && digits <= MaxDigits && char.IsAsciiDigit(line[digits]))
            digits++;
        return digits is > 0 and <= MaxDigits && digits < line.Length && line[digits] is '.' or ')' && IsEnd(line[(digits + 1)..]) ? digits + 1 : 0;
    }

    /// <summary>There is something after a mark, and no other mark: <c>1. 5. 2026</c> is a date.</summary>
    public static bool HasText(ReadOnlySpan<char> rest)
    {
        rest = rest.Trim(" \t");
        return rest.Length > 0 && Find(rest) == 0;
    }

    private static bool IsEnd(ReadOnlySpan<char> rest) => rest.Length == 0 || rest[0] is ' ' or '\t';
}
