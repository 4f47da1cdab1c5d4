using System.Globalization;

namespace BlazorChat.Common.Search;

/// <summary>A part of a snippet.</summary>
/// <param name="IsMatch">Whether it is what was searched.</param>
public sealed record SnippetPart(string Text, bool IsMatch);

/// <summary>The part of a text around what was found in it.</summary>
internal static class SearchSnippet
{
    /// <summary>UTF-16 code units before the first match, in a text that is longer than a snippet.</summary>
    private const int Before = 40;

    private const string Ellipsis = "…";

    /// <summary>Cuts the snippet.</summary>
    /// <param name="matches">Where the text matches, in any order; they may overlap.</param>
    /// <param name="maxLength">UTF-16 code units without ellipses.</param>
    public static IReadOnlyList<SnippetPart> Of(string text, IEnumerable<(int Start, int End)> matches, int maxLength)
    {
        var merged = Merge(matches);
        var (start, end) = Cut(text, merged is [var first, ..] ? first.Start : 0, maxLength);
        var parts = new List<SnippetPart>();
        var at = start;
        foreach (var match in merged.Where(match => match.End > start && match.Start < end))
        {
            Add(parts, text, at, match.Start, isMatch: false);
            at = Math.Min(match.End, end);
            Add(parts, text, match.Start, at, isMatch: true);
        }

        Add(parts, text, at, end, isMatch: false);
        if (start > 0)
            parts.Insert(0, new SnippetPart(Ellipsis, false));
        if (end < text.Length)
            parts.Add(new SnippetPart(Ellipsis, false));
        return parts;
    }

    private static void Add(List<SnippetPart> parts, string text, int start, int end, bool isMatch)
    {
        if (end > start)
            parts.Add(new SnippetPart(text[start..end], isMatch));
    }

    private static List<(int Start, int End)> Merge(IEnumerable<(int Start, int End)> matches)
    {
        var merged = new List<(int Start, int End)>();
        foreach (var match in matches.Order())
        {
            if (merged is [.., var last] && match.Start <= last.End)
                merged[^1] = (last.Start, Math.Max(last.End, match.End));
            else
                merged.Add(match);
        }

        return merged;
    }

    /// <summary>The bounds of the snippet, at words where there are some, and never within a visible character.</summary>
    private static (int Start, int End) Cut(string text, int match, int maxLength)
    {
        if (text.Length <= maxLength)
            return (0, text.Length);
        var start = Math.Max(0, Math.Min(match - Before, text.Length - maxLength));
        if (start > 0 && text.IndexOf(' ', start, Math.Min(Before, match - start)) is >= 0 and var space)
            start = space + 1;
        start = BoundaryAt(text, start);
        return (start, start + maxLength >= text.Length ? text.Length : BoundaryAt(text, start + maxLength));
    }

    /// <summary>The last boundary between visible characters that is not after a position.</summary>
    private static int BoundaryAt(string text, int position)
    {
        // An element is not longer than this, except in texts that are made to be.
        var at = Math.Max(0, position - 64);
        if (at > 0 && char.IsLowSurrogate(text[at]))
            at++;
        for (int next; (next = at + StringInfo.GetNextTextElementLength(text, at)) <= position; at = next)
        {
            if (next == text.Length)
                break;
        }

        return at;
    }
}
