namespace BlazorChat.Markup.Parsing;

/// <summary>
/// What of a text costs more than its length: nesting, marks that may open something and then have to be looked for, and cells. A text
/// beyond these bounds is shown as it was typed, so that the longest one is rendered in a few milliseconds.
/// </summary>
internal static class MarkdownBounds
{
    /// <summary>Quotations and lists in each other that a line may open.</summary>
    public const int MaxNesting = 12;

    /// <summary>Lines that are not empty. The sanitiser's work grows with the square of what stands beside each other.</summary>
    public const int MaxLines = 400;

    /// <summary>Runs of marks, addresses and mentions in what stands between two empty lines.</summary>
    public const int MaxMarks = 400;

    /// <summary>Every row of a table is filled up to the longest one, so a few thousand characters could become millions of cells.</summary>
    public const int MaxCells = 2_000;

    public static bool Holds(string markdown)
    {
        var lines = 0;
        var (marks, rows, columns) = (0, 0, 0);
        foreach (var line in markdown.AsSpan().EnumerateLines())
        {
            if (line.IsWhiteSpace())
            {
                (marks, rows, columns) = (0, 0, 0);
                continue;
            }

            rows++;
            columns = Math.Max(columns, line.Count('|') + 1);
            marks += CountMarks(line) + line.Count("://");
            if (++lines > MaxLines || marks > MaxMarks || (columns > 1 && rows * columns > MaxCells) || CountNesting(line) > MaxNesting)
                return false;
        }

        return true;
    }

    private static int CountMarks(ReadOnlySpan<char> line)
    {
        var (count, previous) = (0, '\0');
        foreach (var character in line)
        {
            var isMark = character switch
            {
                '*' or '_' or '~' or '`' or '@' or '#' => character != previous,
                '[' or ']' or '|' or '<' or '\\' => true,
                // An address may begin with www.
                '.' => previous is 'w' or 'W',
                _ => false,
            };
            count += isMark ? 1 : 0;
            previous = character;
        }

        return count;
    }

    private static int CountNesting(ReadOnlySpan<char> line)
    {
        var count = 0;
        var indentation = line.Length - line.TrimStart(" \t").Length;
        while (true)
        {
            line = line.TrimStart(" \t");
            var mark = line.Length > 0 && line[0] == '>' ? 1 : ListMark.Find(line);
            if (mark == 0)
                return count == 0 ? 0 : count + (indentation / 2);
            count++;
            line = line[mark..];
        }
    }
}
