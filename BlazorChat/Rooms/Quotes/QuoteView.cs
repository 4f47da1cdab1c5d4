using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Rooms.Quotes;

/// <summary>A message as the card of a link shows it to one reader.</summary>
/// <param name="Key">The key of the message in its room: see <see cref="Message.Sequence"/>.</param>
/// <param name="Room">For a direct room, the names of its other people.</param>
/// <param name="Text">The beginning of the message, without formatting.</param>
public sealed record QuoteView(QuoteAddress Address, long Key, RoomKind RoomKind, string Room, string Author, DateTime SentAt, string Text)
{
    /// <summary>The relative address that the link names.</summary>
    internal string Path => MessageView.AddressOf(Address.RoomId, Address.Reply > 0 ? 0 : Address.Message, Address.Message, Address.Reply);
}
