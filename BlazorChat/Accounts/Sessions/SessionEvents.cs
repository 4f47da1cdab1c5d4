using System.Text.Json.Serialization;
using BlazorChat.Channels;

namespace BlazorChat.Accounts;

/// <summary>These sign-ins hold no longer; every connection that one of them let in ends.</summary>
[EventName("account.sessions.ended")]
public sealed record SessionsEnded(IReadOnlyList<string> SessionIds);

[JsonSerializable(typeof(SessionsEnded))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class SessionEventsJson : JsonSerializerContext;

internal static class SessionGroups
{
    /// <summary>Every node listens here, so that a session costs no subscription of its own.</summary>
    public const string All = "sessions";
}
