using System.Globalization;

namespace BlazorChat.Data.Search;

/// <summary>
/// Who may find an entry: everyone, or those who may read one source. The scope is a part of each term in the index, so a search reads nothing of
/// sources that its person may not read: neither its results nor its duration depend on them.
/// </summary>
internal static class SearchScope
{
    /// <summary>Everyone who may search.</summary>
    public const string All = "";

    /// <summary>Ends the scope within a term. Texts are indexed without it.</summary>
    private const char End = '\uE000';

    public static string Of(int sourceId, bool isOpen) => isOpen ? All : OfSource(sourceId);

    public static string OfSource(int sourceId) => string.Create(CultureInfo.InvariantCulture, $"{sourceId}{End}");
}
