namespace BlazorChat.Rooms.Quotes;

/// <summary>The address of a message that a text links to.</summary>
/// <param name="Message">The sequence of the message, or of the first message of its thread.</param>
/// <param name="Reply">The number in the thread; 0 for the message itself.</param>
public readonly record struct QuoteAddress(int RoomId, long Message, long Reply);
