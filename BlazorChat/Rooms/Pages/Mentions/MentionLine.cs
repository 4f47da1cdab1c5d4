using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Rooms.Pages.Mentions;

/// <summary>A message that mentions the reader, as their list shows it.</summary>
/// <param name="Id">Newer mentions have higher ids.</param>
/// <param name="Address">The address of the message.</param>
/// <param name="Text">The beginning of the message, without formatting.</param>
public sealed record MentionLine(long Id, string Address, string Room, RoomKind RoomKind, string Author, DateTime SentAt, string Text);
