namespace BlazorChat.Rooms.Previews.Fetching;

/// <summary>Finds tags that are too long to be tokenized, which takes time with the square of their attributes.</summary>
internal static class LongTags
{
    /// <summary>UTF-16 code units of the longest tag that is read.</summary>
    internal const int MaxTag = 8 * 1024;

    private const int None = -1;

    /// <summary>The part of a page before its first tag that is too long.</summary>
    /// <remarks>
    /// It knows no comments and scripts, so each place where a tag could begin counts: within a value too. It may cut too much, never too little. Of the
    /// tags that are in the same state, the longest is known, so the time is linear.
    /// </remarks>
    public static string Cut(string html)
    {
        Span<int> starts = stackalloc int[(int)State.Ended];
        Span<int> next = stackalloc int[(int)State.Ended + 1];
        starts.Fill(None);
        var isInTag = false;
        for (var i = 0; i < html.Length; i++)
        {
            if (!isInTag)
            {
                var found = html.AsSpan(i).IndexOf('<');
                if (found < 0)
                    return html;
                i += found;
            }

            next.Fill(None);
            for (var state = 0; state < starts.Length; state++)
            {
                if (starts[state] == None)
                    continue;
                if (i - starts[state] >= MaxTag)
                    return html[..starts[state]];
                Begin(next, Next((State)state, html[i]), starts[state]);
            }

            if (html[i] == '<' && i + 1 < html.Length && (char.IsAsciiLetter(html[i + 1]) || html[i + 1] == '/'))
                Begin(next, State.Name, i);
            next[..starts.Length].CopyTo(starts);
            isInTag = starts.ContainsAnyExcept(None);
        }

        return html;
    }

    private static void Begin(Span<int> starts, State state, int start)
    {
        ref var known = ref starts[(int)state];
        known = known == None ? start : Math.Min(known, start);
    }

    /// <summary>As the standard of HTML tokenizes tags.</summary>
    private static State Next(State state, char character) => (state, character) switch
    {
        (State.DoubleQuoted, '"') or (State.SingleQuoted, '\'') => State.BeforeAttribute,
        (State.DoubleQuoted or State.SingleQuoted, _) => state,
        (_, '>') => State.Ended,
        (State.BeforeValue, '"') => State.DoubleQuoted,
        (State.BeforeValue, '\'') => State.SingleQuoted,
        (State.BeforeValue, _) => IsSpace(character) ? state : State.Unquoted,
        (State.Unquoted, _) => IsSpace(character) ? State.BeforeAttribute : state,
        (_, '/') => State.BeforeAttribute,
        (State.Name, _) => IsSpace(character) ? State.BeforeAttribute : state,
        (State.BeforeAttribute, _) => IsSpace(character) ? state : State.Attribute,
        (State.Attribute or State.AfterAttribute, '=') => State.BeforeValue,
        _ => IsSpace(character) ? State.AfterAttribute : State.Attribute,
    };

    private static bool IsSpace(char character) => character is ' ' or '\t' or '\n' or '\f' or '\r';

    private enum State
    {
        Name,
        BeforeAttribute,
        Attribute,
        AfterAttribute,
        BeforeValue,
        DoubleQuoted,
        SingleQuoted,
        Unquoted,
        Ended,
    }
}
