using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Rooms.Links;

/// <summary>The job of the worker channel <see cref="LinkRequests.Channel"/>: a link may be due. It names none, since the rows have what is due.</summary>
[EventName("preview.wanted")]
public sealed record PreviewWanted;

[JsonSerializable(typeof(PreviewWanted))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class LinkEventsJson : JsonSerializerContext;
