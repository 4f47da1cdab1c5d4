using BlazorChat.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts;

/// <summary>Identity's sign-in, without two of its edges: how long an answer takes, and passkeys that come too late.</summary>
internal sealed class ChatSignInManager(
    UserManager<ChatUser> users,
    IHttpContextAccessor http,
    IUserClaimsPrincipalFactory<ChatUser> claims,
    IOptions<IdentityOptions> options,
    ILogger<SignInManager<ChatUser>> logger,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<ChatUser> confirmation)
    : SignInManager<ChatUser>(users, http, claims, options, logger, schemes, confirmation)
{
    public override async Task<SignInResult> PasswordSignInAsync(
        string userName, string password, bool isPersistent, bool lockoutOnFailure)
    {
        if (await UserManager.FindByNameAsync(userName) is { } user)
            return await PasswordSignInAsync(user, password, isPersistent, lockoutOnFailure);
        // As much work as checking a password: an answer that came at once would tell that there is no such account.
        UserManager.PasswordHasher.HashPassword(new ChatUser { DisplayName = "" }, password);
        return SignInResult.Failed;
    }

    /// <summary>Fails as well when the browser was asked too long ago, or never, which Identity takes for a mistake in the code.</summary>
    public override async Task<SignInResult> PasskeySignInAsync(string credentialJson)
    {
        try
        {
            return await base.PasskeySignInAsync(credentialJson);
        }
        catch (InvalidOperationException)
        {
            return SignInResult.Failed;
        }
    }

    /// <inheritdoc cref="PasskeySignInAsync"/>
    public override async Task<PasskeyAttestationResult> PerformPasskeyAttestationAsync(string credentialJson)
    {
        try
        {
            return await base.PerformPasskeyAttestationAsync(credentialJson);
        }
        catch (InvalidOperationException exception)
        {
            return PasskeyAttestationResult.Fail(new PasskeyException(exception.Message, exception));
        }
    }
}
