namespace BlazorChat.Data.Entities.Accounts;

/// <summary>A server-side session: one sign-in on one device. Deleting the row ends it.</summary>
public sealed class UserSession
{
    public const int MaxDeviceLength = 100;

    /// <summary>A random id; the cookie holds it, encrypted.</summary>
    public required Guid Id { get; init; }

    public int UserId { get; init; }

    public ChatUser? User { get; init; }

    /// <summary>The authentication ticket, serialised by ASP.NET Core. Without sessions the cookie would hold it.</summary>
    public required byte[] Ticket { get; set; }

    /// <summary>The device as its owner recognises it: "Firefox on Windows".</summary>
    public required string Device { get; set; }

    public DateTime CreatedAt { get; init; }

    /// <summary>When the session was last used, to within a few minutes.</summary>
    public DateTime LastSeenAt { get; set; }

    /// <summary>When its owner last proved their identity: at sign-in, or when asked to confirm it.</summary>
    public DateTime ConfirmedAt { get; set; }

    public DateTime ExpiresAt { get; set; }
}
