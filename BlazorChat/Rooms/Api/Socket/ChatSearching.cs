using System.Security.Claims;
using System.Text.Json;
using BlazorChat.Rooms.Search;

namespace BlazorChat.Rooms.Api.Socket;

/// <summary>A page of messages of the room that were found, newest first.</summary>
/// <param name="Next">Where the next page begins; null after the last one.</param>
internal sealed record ChatSearched(string Query, IReadOnlyList<ChatSearchResult> Results, string? Next)
{
    public string Type { get; } = "chat.search";
}

internal sealed partial class ChatCommands
{
    private const string Find = "chat.search";

    private async Task<byte[]> FindAsync(ClaimsPrincipal person, int roomId, ChatCommand command, CancellationToken cancellationToken)
    {
        if (command.Query is null)
            return Error(command, "missing_field", "The field query is missing.");
        var after = SearchCursor.Parse(command.After);
        if (command.After is not null && after is null)
            return Error(command, "malformed", "The field after is not the next of a page.");
        var page = ChatSearchPage.From(await search.FindAsync(person, command.Query, roomId, after, TimeZoneInfo.Utc, cancellationToken));
        return JsonSerializer.SerializeToUtf8Bytes(new ChatSearched(command.Query, page.Results, page.Next), ChatFramesJson.Default.ChatSearched);
    }
}
