namespace BlazorChat.Data.Entities.Accounts;

/// <summary>The link by which people register; reusable until an admin replaces it.</summary>
public sealed class Invitation
{
    public int Id { get; init; }

    /// <summary>The unguessable part of the link.</summary>
    public required string Code { get; init; }

    public int CreatedById { get; init; }

    public ChatUser? CreatedBy { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>When an admin replaced the link; it no longer works from then on.</summary>
    public DateTime? RevokedAt { get; set; }
}
