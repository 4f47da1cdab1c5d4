using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Tests.Channels.Workers;

/// <param name="Board">Where a process asks what to do: the address of a <see cref="JobBoard"/>.</param>
[EventName("test.chore")]
public sealed record Chore(int Number, string Board = "");

[JsonSerializable(typeof(Chore))]
internal sealed partial class ChoreJson : JsonSerializerContext;
