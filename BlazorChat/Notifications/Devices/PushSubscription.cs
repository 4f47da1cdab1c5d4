using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Notifications.Push;

namespace BlazorChat.Notifications.Devices;

/// <summary>A subscription as a browser writes it: the JSON of <c>PushSubscription</c> (https://www.w3.org/TR/push-api/).</summary>
internal sealed record PushSubscription(string? Endpoint, PushSubscription.BrowserKeys? Keys)
{
    /// <summary>Characters of the JSON.</summary>
    public const int MaxLength = 4 * 1024;

    /// <summary>Reads a subscription.</summary>
    /// <returns>Null when it is not one. Whether its host is allowed is checked elsewhere.</returns>
    public static PushTarget? TryRead(string? json)
    {
        if (json is null or { Length: > MaxLength })
            return null;
        try
        {
            return JsonSerializer.Deserialize(json, PushSubscriptionJson.Default.PushSubscription)?.ToTarget();
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return null;
        }
    }

    private PushTarget? ToTarget()
    {
        if (Endpoint is not { Length: <= PushDevice.MaxEndpointLength }
            || !Uri.TryCreate(Endpoint, UriKind.Absolute, out var endpoint)
            || endpoint.AbsoluteUri.Length > PushDevice.MaxEndpointLength
            || endpoint.Authority.Length > PushDelivery.MaxHostLength)
            return null;
        var (key, secret) = (Base64Url.DecodeFromChars(Keys?.P256dh), Base64Url.DecodeFromChars(Keys?.Auth));
        return P256.IsPoint(key) && secret.Length == PushDevice.AuthSecretLength ? new PushTarget(endpoint, key, secret) : null;
    }

    /// <summary>In base64url.</summary>
    internal sealed record BrowserKeys(string? P256dh, string? Auth);
}

[JsonSerializable(typeof(PushSubscription))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class PushSubscriptionJson : JsonSerializerContext;
