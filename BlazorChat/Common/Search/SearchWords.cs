namespace BlazorChat.Common.Search;

/// <summary>Reads words, and phrases in quotation marks.</summary>
internal static class SearchWords
{
    /// <summary>The units of a query; what has nothing that is indexed is skipped.</summary>
    public static IEnumerable<SearchUnit> Read(string query) =>
        from part in query.Split(['"', '\u201C', '\u201D', '\u201E']).Index()
        let isPhrase = part.Index % 2 == 1
        from text in isPhrase ? [part.Item] : part.Item.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        let unit = SearchUnit.Of(text, isPhrase)
        where unit is not null
        select unit;
}
