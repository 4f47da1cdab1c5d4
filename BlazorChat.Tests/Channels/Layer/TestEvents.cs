using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Tests.Channels.Layer;

[EventName("test.sent")]
public sealed record TestEvent(int Number, string Text = "");

[EventName("test.fence")]
public sealed record Fence(Guid Id);

[EventName("test.unheard")]
public sealed record UnhandledEvent(int Number);

[JsonSerializable(typeof(TestEvent))]
[JsonSerializable(typeof(Fence))]
[JsonSerializable(typeof(UnhandledEvent))]
internal sealed partial class TestEventsJson : JsonSerializerContext;
