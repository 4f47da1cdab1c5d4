namespace BlazorChat.Data.Entities;

/// <summary>What a program shows instead of a password. An account that is a bot may have several, so that one can replace another.</summary>
public sealed class BotKey
{
    public int Id { get; init; }

    public int BotId { get; init; }

    public ChatUser? Bot { get; init; }

    /// <summary>SHA-256 of the key, which is shown once, when it is made.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The key's last characters, by which an admin tells it from others.</summary>
    public required string Ending { get; init; }

    public int CreatedById { get; init; }

    public ChatUser? CreatedBy { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>To within a few minutes.</summary>
    public DateTime? LastUsedAt { get; set; }

    public DateTime? RevokedAt { get; set; }
}
