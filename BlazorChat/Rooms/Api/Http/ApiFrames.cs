using System.Text.Json.Serialization;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>The body of a post.</summary>
/// <param name="ClientMessageId">A post that is repeated with the same id is stored once.</param>
/// <param name="Attachments">Ids of files that were uploaded for the message.</param>
internal sealed record ApiMessage(string? Message, Guid? ClientMessageId, IReadOnlyList<Guid>? Attachments = null);

[JsonSerializable(typeof(ApiMessage))]
[JsonSerializable(typeof(ChatReceipt))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class ApiFramesJson : JsonSerializerContext;
