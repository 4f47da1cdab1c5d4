using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Accounts.Statuses;

/// <summary>A person has set or cleared their status, perhaps in another tab.</summary>
/// <param name="Status">Null for none.</param>
[EventName("account.status.changed")]
public sealed record StatusChanged(int UserId, PersonStatus? Status);

[JsonSerializable(typeof(StatusChanged))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class StatusEventsJson : JsonSerializerContext;
