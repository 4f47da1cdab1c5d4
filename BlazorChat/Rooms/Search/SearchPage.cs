using System.Globalization;
using BlazorChat.Common.Search;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Rooms.Search;

/// <summary>A message that was found.</summary>
/// <param name="RoomName">As its reader sees it.</param>
/// <param name="Snippet">The text around what was found.</param>
public sealed record SearchResult(MessageView Message, string RoomName, RoomKind RoomKind, IReadOnlyList<SnippetPart> Snippet);

/// <summary>A message as a position in the results, by the key of its room. It reveals nothing about messages that a person may not read.</summary>
public readonly record struct SearchCursor(int RoomId, long Sequence)
{
    /// <summary>Reads what <see cref="ToString"/> writes; null for anything else.</summary>
    public static SearchCursor? Parse(string? text) =>
        text?.Split('.') is [var room, var sequence]
        && int.TryParse(room, NumberStyles.None, CultureInfo.InvariantCulture, out var roomId)
        && long.TryParse(sequence, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? new SearchCursor(roomId, number)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{RoomId}.{Sequence}");
}

/// <summary>A page of results, newest first.</summary>
/// <param name="Next">Where the next page begins; null after the last page.</param>
public sealed record SearchPage(IReadOnlyList<SearchResult> Results, SearchCursor? Next);
