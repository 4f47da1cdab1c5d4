namespace BlazorChat.Data.Entities;

/// <summary>One sign-in on one device, kept on the server: while the row is there, the sign-in holds.</summary>
public sealed class UserSession
{
    public const int MaxDeviceLength = 100;

    /// <summary>Unguessable; the cookie holds it, encrypted.</summary>
    public required Guid Id { get; init; }

    public int UserId { get; init; }

    public ChatUser? User { get; init; }

    /// <summary>What the cookie would hold otherwise, as ASP.NET Core's serializer writes it.</summary>
    public required byte[] Ticket { get; set; }

    /// <summary>For its owner to recognise: "Firefox on Windows".</summary>
    public required string Device { get; set; }

    public DateTime CreatedAt { get; init; }

    /// <summary>To within a few minutes.</summary>
    public DateTime LastSeenAt { get; set; }

    /// <summary>When its owner last proved who they are: at sign-in, or when asked again.</summary>
    public DateTime ConfirmedAt { get; set; }

    public DateTime ExpiresAt { get; set; }
}
