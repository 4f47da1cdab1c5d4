using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Accounts;

/// <summary>These sign-ins hold no longer; every connection that one of them let in ends.</summary>
[EventName("account.sessions.ended")]
public sealed record SessionsEnded(IReadOnlyList<string> SessionIds);

/// <summary>A person was made an admin, or is one no longer.</summary>
[EventName("account.admin.changed")]
public sealed record AdminChanged(int UserId);

[JsonSerializable(typeof(SessionsEnded))]
[JsonSerializable(typeof(AdminChanged))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class SessionEventsJson : JsonSerializerContext;

internal static class SessionGroups
{
    /// <summary>Every node listens here, so that a session costs no subscription of its own.</summary>
    public const string All = "sessions";
}
