using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Tests.Channels.Layer;

[EventName("test.said")]
public sealed record Said(int Number, string Text = "");

[EventName("test.fence")]
public sealed record Fence(Guid Id);

[EventName("test.unheard")]
public sealed record Unheard(int Number);

[JsonSerializable(typeof(Said))]
[JsonSerializable(typeof(Fence))]
[JsonSerializable(typeof(Unheard))]
internal sealed partial class TestEventsJson : JsonSerializerContext;
