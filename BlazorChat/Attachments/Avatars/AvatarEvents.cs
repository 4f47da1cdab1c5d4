using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Attachments.Avatars;

/// <summary>A person has another picture.</summary>
/// <param name="AvatarId">The attachment; null when the picture was removed.</param>
[EventName("person.avatar.changed")]
public sealed record AvatarChanged(int PersonId, Guid? AvatarId);

[JsonSerializable(typeof(AvatarChanged))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class AvatarEventsJson : JsonSerializerContext;

internal static class AvatarGroups
{
    /// <summary>The pictures of all people.</summary>
    public const string All = "avatars";
}
