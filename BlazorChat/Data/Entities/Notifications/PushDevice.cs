using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Notifications;

/// <summary>
/// A browser that shows notifications of a person while no page is open: a subscription at a push service (RFC 8030). It belongs to a session, and
/// ends with it.
/// </summary>
public sealed class PushDevice
{
    /// <summary>Characters; the addresses of today's services have at most some 500.</summary>
    public const int MaxEndpointLength = 1000;

    public const int EndpointHashLength = 32;

    /// <summary>A point of P-256, uncompressed (RFC 8291).</summary>
    public const int PublicKeyLength = 65;

    public const int AuthSecretLength = 16;

    public Guid Id { get; init; }

    public int UserId { get; init; }

    public Guid SessionId { get; set; }

    public UserSession? Session { get; init; }

    /// <summary>The address of the subscription. A program that knows it can send to it, so it is never shown or logged.</summary>
    public required string Endpoint { get; init; }

    /// <summary>SHA-256 of the endpoint, which is too long for a key.</summary>
    public required byte[] EndpointHash { get; init; }

    /// <summary>The browser's public key, with which a message is encrypted.</summary>
    public required byte[] PublicKey { get; set; }

    public required byte[] AuthSecret { get; set; }

    public DateTime CreatedAt { get; init; }
}
