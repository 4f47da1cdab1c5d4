using System.Text.Json.Serialization;

namespace BlazorChat.Rooms.Api;

/// <summary>The answer to a program whose message is committed.</summary>
/// <param name="Sequence">The number of the message in its room, from 1; 0 for a reply that only its thread shows.</param>
/// <param name="Revision">The room's revision at this change.</param>
/// <param name="ClientMessageId">The message's id, as its sender chose it.</param>
public sealed record ChatReceipt(int RoomId, long Sequence, long Revision, Guid ClientMessageId)
{
    /// <inheritdoc cref="ChatMessage.Thread"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Thread { get; init; }

    /// <inheritdoc cref="ChatMessage.Reply"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Reply { get; init; }

    /// <summary>True when <c>@room</c> or <c>@here</c> of the message notified nobody, since only owners may use them; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? RoomIsText { get; init; }

    internal static ChatReceipt For(MessageView message) =>
        new(message.RoomId, Math.Max(0, message.Sequence), message.Revision, message.ClientMessageId)
        {
            Thread = message.ThreadRoot,
            Reply = message.ReplyNumber,
            RoomIsText = message.RoomIsText ? true : null,
        };
}
