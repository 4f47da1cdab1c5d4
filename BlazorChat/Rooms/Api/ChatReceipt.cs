namespace BlazorChat.Rooms.Api;

/// <summary>The answer to a program whose message is committed.</summary>
/// <param name="Sequence">The number of the message in its room, from 1.</param>
/// <param name="Revision">The room's revision at this change.</param>
/// <param name="ClientMessageId">The message's id, as its sender chose it.</param>
public sealed record ChatReceipt(int RoomId, long Sequence, long Revision, Guid ClientMessageId)
{
    internal static ChatReceipt For(MessageView message) => new(message.RoomId, message.Sequence, message.Revision, message.ClientMessageId);
}
