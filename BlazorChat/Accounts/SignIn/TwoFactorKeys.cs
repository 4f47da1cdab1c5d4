using BlazorChat.Accounts.Passwords;
using BlazorChat.Data.Entities;
using Microsoft.AspNetCore.Identity;

namespace BlazorChat.Accounts.SignIn;

/// <summary>
/// Sets two-factor sign-in up. Identity's own methods change the security stamp at each step, which ends every session of the
/// person; adding a second factor takes no session's right away, so here the stamp stays as it is.
/// </summary>
internal sealed class TwoFactorKeys(UserManager<ChatUser> users, IUserStore<ChatUser> store)
{
    /// <summary>The key for the authenticator app; while two-factor sign-in is off it may be shown again.</summary>
    /// <returns>The key, or why there is none.</returns>
    public async Task<(string Key, string? Refusal)> GetOrCreateAsync(ChatUser user, CancellationToken cancellationToken)
    {
        if (await users.GetAuthenticatorKeyAsync(user) is { Length: > 0 } existing)
            return (existing, null);
        var key = users.GenerateNewAuthenticatorKey();
        await ((IUserAuthenticatorKeyStore<ChatUser>)store).SetAuthenticatorKeyAsync(user, key, cancellationToken);
        return (key, (await users.UpdateAsync(user)).Refusal);
    }

    /// <returns>Why it was not done; null when it was.</returns>
    public async Task<string?> EnableAsync(ChatUser user, CancellationToken cancellationToken)
    {
        await ((IUserTwoFactorStore<ChatUser>)store).SetTwoFactorEnabledAsync(user, true, cancellationToken);
        return (await users.UpdateAsync(user)).Refusal;
    }
}
