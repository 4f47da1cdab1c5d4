using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Accounts;

/// <summary>These sessions have ended. Every connection of one of them is closed.</summary>
[EventName("account.sessions.ended")]
public sealed record SessionsEnded(IReadOnlyList<string> SessionIds);

/// <summary>A person has become an admin, or is no admin any more.</summary>
[EventName("account.admin.changed")]
public sealed record AdminChanged(int UserId);

/// <summary>A person has another name or handle.</summary>
[EventName("account.person.changed")]
public sealed record PersonChanged(int UserId);

[JsonSerializable(typeof(SessionsEnded))]
[JsonSerializable(typeof(AdminChanged))]
[JsonSerializable(typeof(PersonChanged))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class SessionEventsJson : JsonSerializerContext;

internal static class SessionGroups
{
    /// <summary>Every node subscribes to this group, so that a session needs no subscription of its own.</summary>
    public const string All = "sessions";
}
