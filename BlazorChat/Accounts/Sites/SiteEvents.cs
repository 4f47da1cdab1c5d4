using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Accounts.Sites;

/// <summary>The site has another name, logo, color or setting.</summary>
[EventName("site.changed")]
public sealed record SiteChanged(int Version);

[JsonSerializable(typeof(SiteChanged))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class SiteEventsJson : JsonSerializerContext;

internal static class SiteGroups
{
    /// <summary>Every node subscribes to it.</summary>
    public const string All = "site";
}
