using System.Text.Json.Serialization;
using BlazorChat.Channels;

namespace BlazorChat.Attachments;

/// <summary>The job of the worker channel <see cref="ThumbnailConsumer.Channel"/>: a picture needs thumbnails.</summary>
[EventName("thumbnail.wanted")]
public sealed record ThumbnailWanted(Guid AttachmentId);

[JsonSerializable(typeof(ThumbnailWanted))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class ThumbnailEventsJson : JsonSerializerContext;
