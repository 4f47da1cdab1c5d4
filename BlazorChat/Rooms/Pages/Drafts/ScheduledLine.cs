using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Markup;
using BlazorChat.Rooms.Scheduled;

namespace BlazorChat.Rooms.Pages.Drafts;

/// <summary>A scheduled message, as the list of its author shows it.</summary>
/// <param name="Address">The address of its room or thread; null for a room that the author may no longer read.</param>
/// <param name="Zone">The zone in which its time was chosen; null for that of the reader.</param>
/// <param name="Text">The beginning of the message, or the names of its files.</param>
public sealed record ScheduledLine(
    Guid Id, int RoomId, string? Address, string? Room, RoomKind? RoomKind, DateTime DueAt, string? Zone, ScheduleState State, string Text)
{
    /// <summary>UTF-16 code units of a message.</summary>
    private const int MaxText = 240;

    internal static ScheduledLine Of(ScheduledItem item, string? readerZone) => new(
        item.Id,
        item.RoomId,
        item.RoomName is null ? null : item.Thread is { } root ? $"rooms/{item.RoomId}/{root}" : $"rooms/{item.RoomId}",
        item.RoomName,
        item.RoomKind,
        item.DueAt,
        item.TimeZone == readerZone ? null : item.TimeZone,
        item.State,
        HtmlText.Shorten(string.Join(' ', item.Files.Prepend(item.Markdown.Trim())).Trim(), MaxText));
}
