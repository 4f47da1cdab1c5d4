using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using BlazorChat.Channels.WebSockets;
using BlazorChat.Feeds;

namespace BlazorChat.Rooms.Api.Socket;

/// <summary>A frame that a program sends to a room's socket.</summary>
/// <param name="Type">The name of the command; a frame that has only a message is a send.</param>
/// <param name="ClientMessageId">A send that is repeated with the same id is stored once; without an id each send is another message.</param>
/// <param name="Sequence">The message that is edited or deleted, the newest one that was read, or the first one that is unread again.</param>
/// <param name="Attachments">Ids of files that were uploaded for a send.</param>
internal sealed record ChatCommand(string? Type, Guid? ClientMessageId, long? Sequence, string? Message, IReadOnlyList<Guid>? Attachments = null);

/// <summary>The answer to a send, an edit or a deletion that is committed.</summary>
/// <param name="ClientMessageId">The id of a send; null for an edit or a deletion.</param>
internal sealed record ChatAccepted(Guid? ClientMessageId, long Sequence, long Revision)
{
    public string Type { get; } = "chat.message.accepted";
}

/// <summary>Another member is typing.</summary>
internal sealed record ChatTyping(int UserId, string Name)
{
    public string Type { get; } = "chat.typing";
}

/// <summary>The settings of the room after a change.</summary>
/// <param name="IsArchived">It can be read, and nobody writes in it.</param>
/// <param name="Version">Incremented by each change.</param>
internal sealed record ChatRoomChanged(int RoomId, string Name, bool IsPrivate, string Topic, string Description, bool IsArchived, int Version)
{
    public string Type { get; } = "chat.room.changed";
}

/// <summary>A command was not carried out; the socket stays open.</summary>
/// <param name="ClientMessageId">The id that the command had, if any.</param>
/// <param name="Sequence">The sequence that the command had, if any.</param>
/// <param name="RetryAfter">Seconds after which the command may be repeated; only at a rate limit.</param>
internal sealed record ChatError(string Code, string Message, Guid? ClientMessageId = null, long? Sequence = null, int? RetryAfter = null)
{
    public string Type { get; } = "error";
}

[JsonSerializable(typeof(ChatCommand))]
[JsonSerializable(typeof(ChatAccepted))]
[JsonSerializable(typeof(ChatMessage))]
[JsonSerializable(typeof(ChatTyping))]
[JsonSerializable(typeof(ChatRoomChanged))]
[JsonSerializable(typeof(ChatError))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ChatFramesJson : JsonSerializerContext;

/// <summary>The frame of a message, encoded once on a node for all sockets.</summary>
internal static class ChatFrame
{
    private static readonly ConditionalWeakTable<MessageView, byte[]> Encoded = [];

    public static ReadOnlyMemory<byte> Of(MessageView message) => Encoded.GetValue(message, Encode);

    private static byte[] Encode(MessageView message) =>
        JsonSerializer.SerializeToUtf8Bytes(ChatMessage.From(message), ChatFramesJson.Default.ChatMessage);
}

/// <summary>The frames of a page of changes. The first block, usually the whole page, is encoded once on a node for all sockets.</summary>
internal static class ChatBlocks
{
    private static readonly ConditionalWeakTable<FeedPage<MessageChanged>, TextBlock> First = [];

    public static IEnumerable<TextBlock> Of(FeedPage<MessageChanged> page)
    {
        var block = First.GetValue(page, page => Encode(page, 0));
        yield return block;
        for (var sent = block.Count; sent < page.Changes.Count; sent += block.Count)
            yield return block = Encode(page, sent);
    }

    private static TextBlock Encode(FeedPage<MessageChanged> page, int skipped) =>
        TextBlock.Encode(page.Changes.Skip(skipped).Select(change => ChatFrame.Of(change.Message)));
}
