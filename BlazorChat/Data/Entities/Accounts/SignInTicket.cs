namespace BlazorChat.Data.Entities.Accounts;

/// <summary>A ticket that exchanges a sign-in over a socket for a browser's cookie, once. Its row is deleted when it is used.</summary>
public sealed class SignInTicket
{
    /// <summary>SHA-256 of the ticket, which only its owner has.</summary>
    public required byte[] Hash { get; init; }

    public Guid SessionId { get; init; }

    public UserSession? Session { get; init; }

    public DateTime ExpiresAt { get; init; }
}
