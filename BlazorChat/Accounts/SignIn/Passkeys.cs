using BlazorChat.Accounts.Passwords;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.AspNetCore.Identity;

namespace BlazorChat.Accounts.SignIn;

internal static class Passkeys
{
    extension(UserManager<ChatUser> users)
    {
        /// <summary>Deletes these passkeys of a user.</summary>
        public async Task RemovePasskeysAsync(ChatUser user, IEnumerable<UserPasskeyInfo> passkeys)
        {
            foreach (var passkey in passkeys)
                (await users.RemovePasskeyAsync(user, passkey.CredentialId)).ThrowIfFailed();
        }
    }
}
