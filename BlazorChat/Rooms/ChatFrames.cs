using System.Text.Json;
using System.Text.Json.Serialization;

namespace BlazorChat.Rooms;

/// <summary>What a program sends to the chat's socket.</summary>
/// <param name="Type">A command's name; a frame that has only a message is a send.</param>
/// <param name="ClientMessageId">A send that is repeated with the same id is kept once; without one each send is a message of its own.</param>
internal sealed record ChatCommand(string? Type, Guid? ClientMessageId, string? Message);

/// <summary>The sender's message is kept.</summary>
internal sealed record ChatAccepted(Guid ClientMessageId, long Sequence, long Revision)
{
    public string Type { get; } = "chat.message.accepted";
}

/// <summary>Something was said in the room.</summary>
internal sealed record ChatCreated(
    int RoomId,
    long Sequence,
    long Revision,
    int AuthorId,
    string AuthorName,
    Guid ClientMessageId,
    string Message,
    string Html,
    DateTime SentAt)
{
    public string Type { get; } = "chat.message.created";

    public static ChatCreated From(MessageView message) => new(
        message.RoomId,
        message.Sequence,
        message.Revision,
        message.AuthorId,
        message.AuthorName,
        message.ClientMessageId,
        message.Markdown,
        message.Html,
        message.SentAt);
}

/// <summary>A command was not carried out; the socket stays open.</summary>
/// <param name="ClientMessageId">Of the send that it answers, when that had one.</param>
internal sealed record ChatError(string Code, string Message, Guid? ClientMessageId = null)
{
    public string Type { get; } = "error";
}

[JsonSerializable(typeof(ChatCommand))]
[JsonSerializable(typeof(ChatAccepted))]
[JsonSerializable(typeof(ChatCreated))]
[JsonSerializable(typeof(ChatError))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ChatFramesJson : JsonSerializerContext;
