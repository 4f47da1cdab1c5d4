namespace BlazorChat.Common.Search;

/// <summary>A term that is searched.</summary>
/// <param name="IsPrefix">Whether longer terms that begin with it match too.</param>
internal readonly record struct SearchTerm(string Text, bool IsPrefix = false)
{
    public bool Matches(string term) => IsPrefix ? term.StartsWith(Text, StringComparison.Ordinal) : term == Text;
}

/// <summary>
/// A part of a query that a text must contain: a word, or a phrase in quotation marks. It matches when one of its alternatives does: terms that
/// follow each other in the text.
/// </summary>
internal sealed record SearchUnit(IReadOnlyList<IReadOnlyList<SearchTerm>> Alternatives)
{
    /// <summary>The fewest letters of a word by whose beginning longer words are found.</summary>
    private const int MinPrefix = 2;

    /// <summary>A unit of one term, which is not a word.</summary>
    public static SearchUnit Exactly(string term) => new([[new SearchTerm(term)]]);

    /// <summary>The unit of a word, or of a phrase of several; null when it has nothing that is indexed.</summary>
    /// <param name="isPhrase">Whether it was in quotation marks, so that its last word must not be longer.</param>
    public static SearchUnit? Of(string text, bool isPhrase)
    {
        var analysed = SearchText.Of(text);
        if (analysed.Tokens.Count == 0)
            return null;
        var terms = analysed.Tokens.Select(token => new SearchTerm(token.Term)).ToList();
        var last = analysed.Tokens[^1];
        if (!IsPaired(last))
            terms[^1] = terms[^1] with { IsPrefix = !isPhrase && last.Term.Length >= MinPrefix };
        else if (analysed.Tokens is [.., var pair, _] && pair.End == last.End)
            // The last letter of a run is also in its last pair, and a longer run has it in the middle.
            terms.RemoveAt(terms.Count - 1);
        else
            terms[^1] = terms[^1] with { IsPrefix = true };
        return analysed.Identifiers is [var whole] && terms.Count > 1 && whole.End - whole.Start == text.Trim().Length
            ? new SearchUnit([terms, [new SearchTerm(whole.Term, IsPrefix: !isPhrase)]])
            : new SearchUnit([terms]);
    }

    /// <summary>Where a text matches; empty when it does not.</summary>
    public IEnumerable<(int Start, int End)> FindIn(SearchText text) =>
        from alternative in Alternatives
        from tokens in new[] { text.Tokens, text.Identifiers }
        from at in Enumerable.Range(0, Math.Max(0, tokens.Count - alternative.Count + 1))
        where !alternative.Where((term, i) => !term.Matches(tokens[at + i].Term)).Any()
        select (tokens[at].Start, tokens[at + alternative.Count - 1].End);

    private static bool IsPaired(SearchToken token) => SearchLetters.IsPaired(System.Text.Rune.GetRuneAt(token.Term, 0));
}
