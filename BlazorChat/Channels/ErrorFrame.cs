using System.Text.Json.Serialization;

namespace BlazorChat.Channels;

/// <summary>The answer to a command that was not carried out; docs/protocol.md has the codes.</summary>
/// <param name="Code">For programs: <c>not_found</c>.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record ErrorFrame(string Code, string Message)
{
    /// <summary>The type of the frame: always <c>error</c>.</summary>
    public string Type { get; } = "error";
}

[JsonSerializable(typeof(ErrorFrame))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class ErrorFrameJson : JsonSerializerContext;
