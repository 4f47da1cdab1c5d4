using System.Text.Json.Serialization;

namespace BlazorChat.Channels;

/// <summary>The answer to what was not carried out.</summary>
public sealed record ErrorFrame(string Code, string Message)
{
    public string Type { get; } = "error";
}

[JsonSerializable(typeof(ErrorFrame))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class ErrorFrameJson : JsonSerializerContext;
