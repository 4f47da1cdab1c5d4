using BlazorChat.Common.Search;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Search;

namespace BlazorChat.Rooms.Pages.Search;

/// <summary>A result, as a page shows it.</summary>
/// <param name="Sequence">The key of the message in its room.</param>
/// <param name="Thread">The message whose thread alone shows it; null for one that the room shows.</param>
/// <param name="Snippet">The text around what was found; empty for a file alone.</param>
public sealed record SearchLine(
    int RoomId, long Sequence, long? Thread, long? Reply, string Room, RoomKind RoomKind, string Author, DateTime SentAt, IReadOnlyList<SnippetPart> Snippet)
{
    internal static SearchLine Of(SearchResult result) => new(
        result.Message.RoomId,
        result.Message.Sequence,
        result.Message.Sequence > 0 ? null : result.Message.ThreadRoot,
        result.Message.ReplyNumber,
        result.RoomName,
        result.RoomKind,
        result.Message.AuthorName,
        result.Message.SentAt,
        result.Snippet);
}

/// <summary>The results of a search, as a page shows them.</summary>
/// <param name="Query">What was searched.</param>
/// <param name="RoomId">The only room that was searched; null for all.</param>
/// <param name="Next">Where more results begin; null when there are none.</param>
/// <param name="Progress">The part of the messages that was indexed, from 0 to 1.</param>
public sealed record SearchLines(string Query, int? RoomId, IReadOnlyList<SearchLine> Lines, string? Next, double Progress);
