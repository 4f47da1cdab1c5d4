using BlazorChat.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts;

/// <summary>
/// Identity's sign-in, without two of its edges (how long an answer takes, and passkeys that come too late), and without those
/// who may not sign in.
/// </summary>
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
    // A socket's response has begun long ago; what its browser remembers cannot be asked for any more.
    private bool _mayReadCookies = true;

    public override async Task<SignInResult> PasswordSignInAsync(
        string userName, string password, bool isPersistent, bool lockoutOnFailure)
    {
        if (await UserManager.FindByNameAsync(userName) is { } user)
            return await PasswordSignInAsync(user, password, isPersistent, lockoutOnFailure);
        return PretendToCheck(password);
    }

    /// <summary>Checks a password as the sign-in page does, lockout included, and signs nobody in.</summary>
    /// <returns>The user when the password is theirs, and whether that is enough.</returns>
    public async Task<(SignInResult Result, ChatUser? User)> CheckPasswordAsync(string userName, string password)
    {
        if (await UserManager.FindByNameAsync(userName) is not { } user)
            return (PretendToCheck(password), null);
        _mayReadCookies = false;
        var result = await CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        if (result.Succeeded && await IsTwoFactorEnabledAsync(user))
            result = SignInResult.TwoFactorRequired;
        return (result, result.Succeeded ? user : null);
    }

    /// <summary>False for the banned, and for bots, who have keys instead.</summary>
    public override async Task<bool> CanSignInAsync(ChatUser user) =>
        user is { BannedAt: null, IsBot: false } && await base.CanSignInAsync(user);

    public override async Task<bool> IsTwoFactorClientRememberedAsync(ChatUser user) =>
        _mayReadCookies && await base.IsTwoFactorClientRememberedAsync(user);

    protected override async Task<SignInResult> SignInOrTwoFactorAsync(
        ChatUser user, bool isPersistent, string? loginProvider = null, bool bypassTwoFactor = false) => await CanSignInAsync(user)
        ? await base.SignInOrTwoFactorAsync(user, isPersistent, loginProvider, bypassTwoFactor)
        : SignInResult.NotAllowed;

    // As much work as checking a password: an answer that came at once would tell that there is no such account.
    private SignInResult PretendToCheck(string password)
    {
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
