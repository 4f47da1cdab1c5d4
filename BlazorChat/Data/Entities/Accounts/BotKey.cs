namespace BlazorChat.Data.Entities.Accounts;

/// <summary>The key that a program authenticates with. A bot may have several, so that one can replace another.</summary>
public sealed class BotKey
{
    public int Id { get; init; }

    public int BotId { get; init; }

    public ChatUser? Bot { get; init; }

    /// <summary>SHA-256 of the key, which is shown once, when it is created.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The last characters of the key, by which an admin recognises it.</summary>
    public required string Ending { get; init; }

    public int CreatedById { get; init; }

    public ChatUser? CreatedBy { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>When the key was last used, to within a few minutes.</summary>
    public DateTime? LastUsedAt { get; set; }

    public DateTime? RevokedAt { get; set; }
}
