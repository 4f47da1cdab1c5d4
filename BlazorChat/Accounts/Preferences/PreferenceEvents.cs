using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Accounts.Preferences;

/// <summary>A person has changed how they want to be notified, perhaps in another tab. The event has all choices.</summary>
[EventName("account.notifications.changed")]
public sealed record NotificationChoicesChanged(NotificationChoices Choices);

/// <summary>A person has asked not to be disturbed, or no longer does.</summary>
/// <param name="Until">UTC; null when they do not ask for it.</param>
[EventName("account.quiet.changed")]
public sealed record DoNotDisturbChanged(int UserId, DateTime? Until);

[JsonSerializable(typeof(NotificationChoicesChanged))]
[JsonSerializable(typeof(DoNotDisturbChanged))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class PreferenceEventsJson : JsonSerializerContext;
