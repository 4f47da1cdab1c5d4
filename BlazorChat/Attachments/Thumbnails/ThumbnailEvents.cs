using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Workers;

namespace BlazorChat.Attachments.Thumbnails;

/// <summary>The job of the worker channel <see cref="ThumbnailConsumer.Channel"/>: a picture needs thumbnails.</summary>
[EventName("thumbnail.wanted")]
public sealed record ThumbnailWanted(Guid AttachmentId) : IKeyedJob
{
    string IKeyedJob.Key => AttachmentId.ToString("N");
}

[JsonSerializable(typeof(ThumbnailWanted))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class ThumbnailEventsJson : JsonSerializerContext;
