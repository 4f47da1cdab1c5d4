using System.Text.Json.Serialization;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>What a script posts.</summary>
/// <param name="ClientMessageId">A post that is repeated with the same id is kept once.</param>
/// <param name="Attachments">Ids of what was uploaded for it.</param>
internal sealed record ApiMessage(string? Message, Guid? ClientMessageId, IReadOnlyList<Guid>? Attachments = null);

/// <summary>The script's message is kept.</summary>
internal sealed record ApiReceipt(int RoomId, long Sequence, long Revision, Guid ClientMessageId);

[JsonSerializable(typeof(ApiMessage))]
[JsonSerializable(typeof(ApiReceipt))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class ApiFramesJson : JsonSerializerContext;
