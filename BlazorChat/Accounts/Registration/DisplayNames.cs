using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Registration;

/// <summary>People and bots have names that nobody else has, and that look like nobody else's.</summary>
internal static class DisplayNames
{
    public const string TakenCode = "DuplicateDisplayName";

    public const string Taken = "Someone here has this name, or one that looks the same. Add something to tell you apart.";

    /// <param name="exceptId">The account that is to have the name; 0 for a new one.</param>
    public static Task<bool> IsTakenAsync(ChatDbContext db, NameForms name, int exceptId, CancellationToken cancellationToken)
    {
        var (key, shape) = (name.Key, name.Shape);
        return db.Users.AnyAsync(user => user.Id != exceptId && (user.NameKey == key || user.NameShape == shape), cancellationToken);
    }
}

/// <summary>Names the reason in words; between two at once the unique indexes decide.</summary>
internal sealed class DisplayNameValidator(ChatDbContext db) : IUserValidator<ChatUser>
{
    public async Task<IdentityResult> ValidateAsync(UserManager<ChatUser> manager, ChatUser user) =>
        await DisplayNames.IsTakenAsync(db, NameForms.Of(user.DisplayName), user.Id, CancellationToken.None)
            ? IdentityResult.Failed(new IdentityError { Code = DisplayNames.TakenCode, Description = DisplayNames.Taken })
            : IdentityResult.Success;
}
