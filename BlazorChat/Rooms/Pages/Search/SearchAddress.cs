using System.Globalization;

namespace BlazorChat.Rooms.Pages.Search;

/// <summary>The addresses of searches.</summary>
internal static class SearchAddress
{
    /// <summary>The page of results.</summary>
    /// <param name="searchedRoomId">The only room that is searched; null for all.</param>
    public static string Page(string query, int? searchedRoomId) => $"search?{Parameters(query, searchedRoomId)}";

    /// <summary>A room with the results beside it.</summary>
    /// <inheritdoc cref="Page"/>
    public static string Pane(int roomId, string query, int? searchedRoomId) =>
        string.Create(CultureInfo.InvariantCulture, $"rooms/{roomId}?{Parameters(query, searchedRoomId)}");

    private static string Parameters(string query, int? roomId) => roomId is { } id
        ? string.Create(CultureInfo.InvariantCulture, $"q={Uri.EscapeDataString(query)}&in={id}")
        : $"q={Uri.EscapeDataString(query)}";
}
