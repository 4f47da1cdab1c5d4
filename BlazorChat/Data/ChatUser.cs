using Microsoft.AspNetCore.Identity;

namespace BlazorChat.Data;

public sealed class ChatUser : IdentityUser<int>
{
    public const int MaxDisplayNameLength = 60;

    [PersonalData]
    public required string DisplayName { get; set; }

    /// <summary>The picture of the person, an <see cref="Attachment"/>; null for none.</summary>
    public Guid? AvatarId { get; set; }

    public DateTime CreatedAt { get; set; }

    /// <summary>A program's account: it has keys instead of a password.</summary>
    public bool IsBot { get; init; }

    /// <summary>Since when the account may not sign in; null for everybody who may.</summary>
    public DateTime? BannedAt { get; set; }
}
