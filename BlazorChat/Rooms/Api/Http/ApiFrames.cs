using System.Text.Json.Serialization;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>The body of a post.</summary>
/// <param name="ClientMessageId">A post that is repeated with the same id is stored once.</param>
/// <param name="Attachments">Ids of files that were uploaded for the message.</param>
internal sealed record ApiMessage(string? Message, Guid? ClientMessageId, IReadOnlyList<Guid>? Attachments = null);

/// <summary>The body of a post that opens a direct room.</summary>
/// <param name="People">Ids of people and bots.</param>
internal sealed record ApiPeople(IReadOnlyList<int>? People);

/// <summary>The answer to it.</summary>
internal sealed record ApiRoom(int RoomId);

[JsonSerializable(typeof(ApiMessage))]
[JsonSerializable(typeof(ApiPeople))]
[JsonSerializable(typeof(ApiRoom))]
[JsonSerializable(typeof(ChatReceipt))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class ApiFramesJson : JsonSerializerContext;
