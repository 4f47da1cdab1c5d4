using System.Security.Claims;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts.SignIn;

/// <summary>
/// Identity's sign-in, with these differences. Each check of a password computes one hash and has the same answer for an unknown, a locked and
/// an existing account. Only the right password reveals that an account may not sign in. Passkeys and recovery codes sign in for as long as a
/// password does. A passkey's answer that comes too late fails instead of throwing.
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
    // The cookies of a socket's request cannot be read: its response has started.
    private bool _mayReadCookies = true;

    private bool _isPersistent;

    public override async Task<SignInResult> PasswordSignInAsync(
        string userName, string password, bool isPersistent, bool lockoutOnFailure)
    {
        if (await UserManager.FindByNameAsync(userName) is { } user)
            return await PasswordSignInAsync(user, password, isPersistent, lockoutOnFailure);
        return FailAfterHashing(password);
    }

    /// <summary>Checks a password as the sign-in page does, lockout included, without signing in.</summary>
    /// <returns>The result, and the user when it is a success.</returns>
    public async Task<(SignInResult Result, ChatUser? User)> CheckPasswordAsync(string userName, string password)
    {
        if (await UserManager.FindByNameAsync(userName) is not { } user)
            return (FailAfterHashing(password), null);
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
            ? FailAfterHashing(password).Succeeded
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
        // A second factor resets the count itself. Otherwise each right password would allow more guesses of the code.
        if (!await IsTwoFactorEnabledAsync(user) || await IsTwoFactorClientRememberedAsync(user))
            await ResetLockout(user);
        return SignInResult.Success;
    }

    /// <summary>False for banned people, and for bots, which have keys.</summary>
    public override async Task<bool> CanSignInAsync(ChatUser user) =>
        user is { BannedAt: null, IsBot: false } && await base.CanSignInAsync(user);

    public override async Task<bool> IsTwoFactorClientRememberedAsync(ChatUser user) =>
        _mayReadCookies && await base.IsTwoFactorClientRememberedAsync(user);

    protected override async Task<SignInResult> SignInOrTwoFactorAsync(
        ChatUser user, bool isPersistent, string? loginProvider = null, bool bypassTwoFactor = false) => await CanSignInAsync(user)
        ? await base.SignInOrTwoFactorAsync(user, isPersistent, loginProvider, bypassTwoFactor)
        : SignInResult.NotAllowed;

    /// <summary>Signs in with a recovery code, for as long as with a code of the app.</summary>
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

    /// <summary>Fails also when the browser was not asked, or too long ago; Identity throws then.</summary>
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

    /// <summary>Whether the answer is from a passkey of this user.</summary>
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

    // Takes as long as a check of a password: an instant answer would reveal that there is no such account.
    private SignInResult FailAfterHashing(string password)
    {
        UserManager.PasswordHasher.HashPassword(new ChatUser { DisplayName = "" }, password);
        return SignInResult.Failed;
    }
}
