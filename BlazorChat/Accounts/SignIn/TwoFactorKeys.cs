using BlazorChat.Accounts.Passwords;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.AspNetCore.Identity;

namespace BlazorChat.Accounts.SignIn;

/// <summary>
/// Sets up two-factor sign-in. Identity's own methods change the security stamp at each step, which ends every session of the person. A
/// second factor does not invalidate sessions, so the stamp stays as it is here.
/// </summary>
internal sealed class TwoFactorKeys(UserManager<ChatUser> users, IUserStore<ChatUser> store)
{
    /// <summary>The key for the authenticator app. It can be shown again while two-factor sign-in is off.</summary>
    /// <returns>The key, or a sentence for the person.</returns>
    public async Task<(string Key, string? Refusal)> GetOrCreateAsync(ChatUser user, CancellationToken cancellationToken)
    {
        if (await users.GetAuthenticatorKeyAsync(user) is { Length: > 0 } existing)
            return (existing, null);
        var key = users.GenerateNewAuthenticatorKey();
        await ((IUserAuthenticatorKeyStore<ChatUser>)store).SetAuthenticatorKeyAsync(user, key, cancellationToken);
        return (key, (await users.UpdateAsync(user)).Refusal);
    }

    /// <summary>Turns two-factor sign-in on.</summary>
    /// <returns>A sentence for the person when it was refused; null when it is on.</returns>
    public async Task<string?> EnableAsync(ChatUser user, CancellationToken cancellationToken)
    {
        await ((IUserTwoFactorStore<ChatUser>)store).SetTwoFactorEnabledAsync(user, true, cancellationToken);
        return (await users.UpdateAsync(user)).Refusal;
    }
}
