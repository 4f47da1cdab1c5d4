using System.Text.Json.Serialization;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>The body of a post.</summary>
/// <param name="ClientMessageId">A post that is repeated with the same id is stored once.</param>
/// <param name="Attachments">Ids of files that were uploaded for the message.</param>
/// <param name="Thread">The message that it replies to; null for a message of the room.</param>
/// <param name="AlsoInRoom">Whether the room shows a reply too.</param>
/// <param name="Poll">What the message asks; null for one that is no poll.</param>
internal sealed record ApiMessage(
    string? Message, Guid? ClientMessageId, IReadOnlyList<Guid>? Attachments = null, long? Thread = null, bool AlsoInRoom = false, ChatNewPoll? Poll = null);

/// <summary>The body of a vote.</summary>
/// <param name="Options">The numbers of all options that are chosen.</param>
internal sealed record ApiVote(IReadOnlyList<int>? Options);

/// <summary>The body of a post that marks a thread as read.</summary>
internal sealed record ApiRead(long? Reply);

/// <summary>The body of a post that marks messages as read or unread.</summary>
/// <param name="Sequence">The newest message that was read, or the first one that is unread again.</param>
internal sealed record ApiReadMark(long? Sequence);

/// <summary>The body of a post that opens a direct room.</summary>
/// <param name="People">Ids of people and bots.</param>
internal sealed record ApiPeople(IReadOnlyList<int>? People);

/// <summary>The answer to it.</summary>
internal sealed record ApiRoom(int RoomId);

[JsonSerializable(typeof(ApiMessage))]
[JsonSerializable(typeof(ApiReadMark))]
[JsonSerializable(typeof(ApiVote))]
[JsonSerializable(typeof(ChatVote))]
[JsonSerializable(typeof(ChatSearchPage))]
[JsonSerializable(typeof(ApiPeople))]
[JsonSerializable(typeof(IReadOnlyList<ChatVersion>))]
[JsonSerializable(typeof(ApiRead))]
[JsonSerializable(typeof(IReadOnlyList<ChatThread>))]
[JsonSerializable(typeof(ApiRoom))]
[JsonSerializable(typeof(ChatReceipt))]
[JsonSerializable(typeof(IReadOnlyList<ChatPresence>))]
[JsonSerializable(typeof(IReadOnlyList<ChatRoom>))]
[JsonSerializable(typeof(IReadOnlyList<ChatMention>))]
[JsonSerializable(typeof(IReadOnlyList<ChatMessage>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class ApiFramesJson : JsonSerializerContext;
