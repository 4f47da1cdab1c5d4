using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Tests.Channels.Workers;

/// <summary>The job of the tests.</summary>
/// <param name="Number">Identifies the job.</param>
/// <param name="Board">The address of the <see cref="JobBoard"/> that a worker process calls.</param>
[EventName("test.chore")]
public sealed record Chore(int Number, string Board = "");

[JsonSerializable(typeof(Chore))]
internal sealed partial class ChoreJson : JsonSerializerContext;
