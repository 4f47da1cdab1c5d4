using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts.SignIn;

/// <summary>Adds the display name and the language to the cookie, so that no page reads them from the database.</summary>
internal sealed class ChatClaimsFactory(
    UserManager<ChatUser> users, RoleManager<IdentityRole<int>> roles, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<ChatUser, IdentityRole<int>>(users, roles, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(ChatUser user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(SignedInUser.DisplayNameClaim, user.DisplayName));
        if (user.Language is { } language)
            identity.AddClaim(new Claim(SignedInUser.LanguageClaim, language));
        return identity;
    }
}
