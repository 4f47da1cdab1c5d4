using System.Security.Claims;
using BlazorChat.Data.Entities;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts.SignIn;

/// <summary>
/// Identity's sign-in, with these differences. Each check of a password takes the work of one hash and has one answer, whether there is
/// such an account, and whether it is locked, or not. Only the right password reveals that an account may not sign in. Passkeys and
/// recovery codes sign in for as long as a password does, and an answer of a passkey that comes too late fails instead of throwing.
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

    private bool _isPersistent;

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

    /// <summary>Never <see cref="SignInResult.LockedOut"/>, which would reveal that there is such an account.</summary>
    public override async Task<SignInResult> CheckPasswordSignInAsync(ChatUser user, string password, bool lockoutOnFailure)
    {
        var isRight = user.PasswordHash is null
            ? PretendToCheck(password).Succeeded
            : await UserManager.CheckPasswordAsync(user, password);
        if (await UserManager.IsLockedOutAsync(user))
            return SignInResult.Failed;
        if (!isRight)
        {
            if (lockoutOnFailure)
                await UserManager.AccessFailedAsync(user);
            return SignInResult.Failed;
        }

        if (!await CanSignInAsync(user))
            return SignInResult.NotAllowed;
        // With a second factor, that one resets the count; else codes could be guessed between two right passwords.
        if (!await IsTwoFactorEnabledAsync(user) || await IsTwoFactorClientRememberedAsync(user))
            await ResetLockout(user);
        return SignInResult.Success;
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

    /// <summary>Signs in with the second factor's replacement, for as long as with the second factor.</summary>
    public Task<SignInResult> RecoveryCodeSignInAsync(string recoveryCode, bool isPersistent)
    {
        _isPersistent = isPersistent;
        return TwoFactorRecoveryCodeSignInAsync(recoveryCode);
    }

    /// <summary>Signs in with a passkey, for as long as with a password.</summary>
    public Task<SignInResult> PasskeySignInAsync(string credentialJson, bool isPersistent)
    {
        _isPersistent = isPersistent;
        return PasskeySignInAsync(credentialJson);
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

    /// <summary>Whether a passkey's answer is one of this user's.</summary>
    /// <inheritdoc cref="PasskeySignInAsync(string)"/>
    public async Task<bool> CheckPasskeyAsync(ChatUser user, string credentialJson)
    {
        try
        {
            var assertion = await PerformPasskeyAssertionAsync(credentialJson);
            return assertion.Succeeded
                && assertion.User.Id == user.Id
                && (await UserManager.AddOrUpdatePasskeyAsync(assertion.User, assertion.Passkey)).Succeeded;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <inheritdoc cref="PasskeySignInAsync(string)"/>
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

    public override Task SignInWithClaimsAsync(
        ChatUser user, AuthenticationProperties? authenticationProperties, IEnumerable<Claim> additionalClaims)
    {
        authenticationProperties ??= new AuthenticationProperties();
        authenticationProperties.IsPersistent |= _isPersistent;
        return base.SignInWithClaimsAsync(user, authenticationProperties, additionalClaims);
    }

    // As much work as checking a password: an answer that came at once would reveal that there is no such account.
    private SignInResult PretendToCheck(string password)
    {
        UserManager.PasswordHasher.HashPassword(new ChatUser { DisplayName = "" }, password);
        return SignInResult.Failed;
    }
}
