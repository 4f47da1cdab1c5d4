using System.Security.Claims;
using BlazorChat.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts;

/// <summary>Whether somebody who once signed in still is: a connection outlives the checks that each request's cookie gets.</summary>
internal sealed class SignInCheck(
    IServiceScopeFactory scopes, IOptions<IdentityOptions> options, IOptions<AccountOptions> accounts)
{
    /// <summary>How often a connection asks.</summary>
    public TimeSpan Interval => accounts.Value.RevalidationInterval;

    /// <summary>False once the account is gone, or its password, second factor or rights were changed since.</summary>
    public async Task<bool> IsSignedInAsync(ClaimsPrincipal person)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ChatUser>>();
        var user = await users.GetUserAsync(person);
        if (user is null)
            return false;
        var known = person.FindFirstValue(options.Value.ClaimsIdentity.SecurityStampClaimType);
        return known == await users.GetSecurityStampAsync(user);
    }
}
