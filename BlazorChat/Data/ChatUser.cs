using Microsoft.AspNetCore.Identity;

namespace BlazorChat.Data;

public sealed class ChatUser : IdentityUser<int>
{
    public const int MaxDisplayNameLength = 60;

    [PersonalData]
    public required string DisplayName { get; set; }

    public DateTime CreatedAt { get; set; }
}
