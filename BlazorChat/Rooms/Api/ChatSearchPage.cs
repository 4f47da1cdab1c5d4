using BlazorChat.Common.Search;
using BlazorChat.Rooms.Search;

namespace BlazorChat.Rooms.Api;

/// <summary>A page of messages that were found, newest first.</summary>
/// <param name="Next">Where the next page begins; null after the last one.</param>
public sealed record ChatSearchPage(IReadOnlyList<ChatSearchResult> Results, string? Next)
{
    internal static ChatSearchPage From(SearchPage page) => new(
        [.. page.Results.Select(result => new ChatSearchResult(result.RoomName, result.Snippet, ChatMessage.From(result.Message)))],
        page.Next?.ToString());
}

/// <summary>A message that was found.</summary>
/// <param name="RoomName">For a direct room, the names of its other people.</param>
/// <param name="Snippet">The text around what was found, without formatting, in parts.</param>
public sealed record ChatSearchResult(string RoomName, IReadOnlyList<SnippetPart> Snippet, ChatMessage Message);
