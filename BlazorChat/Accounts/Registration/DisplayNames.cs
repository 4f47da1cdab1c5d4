using BlazorChat.Common.Localization;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Registration;

/// <summary>The names of people and bots. No two are equal or look the same.</summary>
internal static class DisplayNames
{
    public const string TakenCode = "DuplicateDisplayName";

    public static LocalText Taken => AccountTexts.Get("NameTaken");

    /// <param name="exceptId">The account that gets the name; 0 for a new one.</param>
    public static Task<bool> IsTakenAsync(ChatDbContext db, NameForms name, int exceptId, CancellationToken cancellationToken)
    {
        var (key, shape) = (name.Key, name.Shape);
        return db.Users.AnyAsync(user => user.Id != exceptId && (user.NameKey == key || user.NameShape == shape), cancellationToken);
    }
}

/// <summary>Refuses a taken name with a sentence. The unique indexes decide between two concurrent changes.</summary>
internal sealed class DisplayNameValidator(ChatDbContext db) : IUserValidator<ChatUser>
{
    public async Task<IdentityResult> ValidateAsync(UserManager<ChatUser> manager, ChatUser user) =>
        await DisplayNames.IsTakenAsync(db, NameForms.Of(user.DisplayName), user.Id, CancellationToken.None)
            ? IdentityResult.Failed(new IdentityError { Code = DisplayNames.TakenCode, Description = DisplayNames.Taken.ToString() })
            : IdentityResult.Success;
}
