using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Reminders;

namespace BlazorChat.Rooms.Pages.Saved;

/// <summary>A reminder, as the list of its person shows it.</summary>
/// <param name="Address">The address of its message; null for a text.</param>
/// <param name="Author">Of its message.</param>
/// <param name="Text">The beginning of the message, or the person's text.</param>
public sealed record ReminderLine(
    long Id, int? RoomId, long? Key, string? Address, string? Author, string? Room, RoomKind? RoomKind, DateTime DueAt, bool IsDue, string Text)
{
    internal static ReminderLine Of(ReminderItem item) => new(
        item.Id, item.Message?.RoomId, item.Message?.Sequence, item.Message?.Address, item.Message?.AuthorName, item.RoomName, item.RoomKind, item.DueAt, item.IsDue, item.Words);
}
