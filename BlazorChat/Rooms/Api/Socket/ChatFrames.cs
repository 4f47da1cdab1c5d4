using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using BlazorChat.Channels.WebSockets;
using BlazorChat.Feeds;

namespace BlazorChat.Rooms.Api.Socket;

/// <summary>What a program sends to the chat's socket.</summary>
/// <param name="Type">A command's name; a frame that has only a message is a send.</param>
/// <param name="ClientMessageId">A send that is repeated with the same id is kept once; without one each send is a message of its own.</param>
/// <param name="Sequence">The message that is edited, deleted, or the newest one that was read.</param>
/// <param name="Attachments">Ids of what was uploaded for a send.</param>
internal sealed record ChatCommand(string? Type, Guid? ClientMessageId, long? Sequence, string? Message, IReadOnlyList<Guid>? Attachments = null);

/// <summary>A message is written as the peer asked.</summary>
/// <param name="ClientMessageId">Of a send.</param>
internal sealed record ChatAccepted(Guid? ClientMessageId, long Sequence, long Revision)
{
    public string Type { get; } = "chat.message.accepted";
}

/// <summary>A message that was created or updated: the whole of it as it is now.</summary>
/// <param name="Attachments">Null for a message without.</param>
internal sealed record ChatMessage(
    string Type,
    int RoomId,
    long Sequence,
    long Revision,
    int AuthorId,
    string AuthorName,
    Guid ClientMessageId,
    string Message,
    string Html,
    DateTime SentAt,
    DateTime? EditedAt,
    IReadOnlyList<ChatAttachment>? Attachments)
{
    public static ChatMessage From(MessageView message) => new(
        message.IsNew ? "chat.message.created" : "chat.message.updated",
        message.RoomId,
        message.Sequence,
        message.Revision,
        message.AuthorId,
        message.AuthorName,
        message.ClientMessageId,
        message.Markdown,
        message.Html,
        message.SentAt,
        message.EditedAt,
        message.Attachments.Count == 0 ? null : [.. message.Attachments.Select(ChatAttachment.From)]);
}

/// <summary>A message is deleted; its place stays.</summary>
internal sealed record ChatDeleted(int RoomId, long Sequence, long Revision, DateTime DeletedAt)
{
    public string Type { get; } = "chat.message.deleted";
}

/// <summary>Somebody else is typing.</summary>
internal sealed record ChatTyping(int UserId, string Name)
{
    public string Type { get; } = "chat.typing";
}

/// <summary>A command was not carried out; the socket stays open.</summary>
/// <param name="ClientMessageId">Of the command that it answers, when that had one.</param>
/// <param name="Sequence">Of the command that it answers, when that had one.</param>
/// <param name="RetryAfter">Seconds after which the command may be repeated; only when there were too many.</param>
internal sealed record ChatError(string Code, string Message, Guid? ClientMessageId = null, long? Sequence = null, int? RetryAfter = null)
{
    public string Type { get; } = "error";
}

[JsonSerializable(typeof(ChatCommand))]
[JsonSerializable(typeof(ChatAccepted))]
[JsonSerializable(typeof(ChatMessage))]
[JsonSerializable(typeof(ChatDeleted))]
[JsonSerializable(typeof(ChatTyping))]
[JsonSerializable(typeof(ChatError))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ChatFramesJson : JsonSerializerContext;

/// <summary>The frame that tells of a message: encoded once on a node, however many sockets it goes to.</summary>
internal static class ChatFrame
{
    private static readonly ConditionalWeakTable<MessageView, byte[]> Encoded = [];

    public static ReadOnlyMemory<byte> Of(MessageView message) => Encoded.GetValue(message, Encode);

    private static byte[] Encode(MessageView message) => message.DeletedAt is { } deletedAt
        ? JsonSerializer.SerializeToUtf8Bytes(
            new ChatDeleted(message.RoomId, message.Sequence, message.Revision, deletedAt), ChatFramesJson.Default.ChatDeleted)
        : JsonSerializer.SerializeToUtf8Bytes(ChatMessage.From(message), ChatFramesJson.Default.ChatMessage);
}

/// <summary>A page of a room as it goes over sockets. What goes together first, mostly the whole page, is encoded once on a node.</summary>
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
