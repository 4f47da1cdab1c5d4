using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Markup;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Saved;

namespace BlazorChat.Rooms.Pages.Saved;

/// <summary>A message that the reader has saved, as their list shows it.</summary>
/// <param name="Id">Messages that were saved later have higher ids.</param>
/// <param name="Key">That of the message in its room.</param>
/// <param name="Address">The address of the message.</param>
/// <param name="Text">The beginning of the message, without formatting.</param>
public sealed record SavedLine(
    long Id, int RoomId, long Key, string Address, string Room, RoomKind RoomKind, string Author, DateTime SentAt, string Text)
{
    /// <summary>UTF-16 code units of a message.</summary>
    private const int MaxText = 240;

    internal static SavedLine Of(SavedItem item) => new(
        item.Id,
        item.Message.RoomId,
        item.Message.Sequence,
        item.Message.Address,
        item.RoomName,
        item.RoomKind,
        item.Message.AuthorName,
        item.Message.SentAt,
        item.Message.DeletedAt is not null ? RoomTexts.Get("MessageDeleted").ToString()
            : HtmlText.Read(MentionHtml.Show(item.Message), MaxText) is { Length: > 0 } text ? text
            : RoomTexts.Get("SentFile").ToString());
}
