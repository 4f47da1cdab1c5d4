using BlazorChat.Markup;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Pins;

namespace BlazorChat.Rooms.Pages.Pins;

/// <summary>A pinned message, as the list of a room shows it.</summary>
/// <param name="Key">The key of the message in its room.</param>
/// <param name="Address">The relative address of the message.</param>
/// <param name="Text">The beginning of the message, without formatting.</param>
public sealed record PinLine(long Key, string Address, string Author, DateTime SentAt, string Text, string PinnedBy)
{
    /// <summary>UTF-16 code units of a message.</summary>
    private const int MaxText = 240;

    internal static PinLine Of(PinnedMessage pinned) => new(
        pinned.Message.Sequence,
        pinned.Message.Address,
        pinned.Message.AuthorName,
        pinned.Message.SentAt,
        HtmlText.Read(MentionHtml.Show(pinned.Message), MaxText) is { Length: > 0 } text ? text : RoomTexts.Get("SentFile").ToString(),
        pinned.PinnedBy);
}
