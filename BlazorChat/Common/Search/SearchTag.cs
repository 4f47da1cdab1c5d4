using System.Globalization;

namespace BlazorChat.Common.Search;

/// <summary>Terms of a message that are no words of its text: who wrote it, and what it has. A text cannot contain one.</summary>
internal static class SearchTag
{
    private const char Begin = '\uE001';

    public static readonly string File = $"{Begin}file";

    public static readonly string Picture = $"{Begin}picture";

    public static readonly string Link = $"{Begin}link";

    public static readonly string Edited = $"{Begin}edited";

    /// <summary>All members of the room are mentioned.</summary>
    public static readonly string MentionsAll = $"{Begin}all";

    public static string Source(int sourceId) => Of('p', sourceId);

    public static string Author(int personId) => Of('a', personId);

    public static string Mentions(int personId) => Of('m', personId);

    private static string Of(char kind, int id) => string.Create(CultureInfo.InvariantCulture, $"{Begin}{kind}{id}");
}
