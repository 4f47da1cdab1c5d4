using BlazorChat.Common.Localization;
using Microsoft.AspNetCore.Identity;

namespace BlazorChat.Accounts.Passwords;

internal static class IdentityResults
{
    extension(IdentityResult result)
    {
        /// <summary>A sentence for the person when Identity refused the change; null when it succeeded.</summary>
        public string? Refusal => result.Succeeded ? null : string.Join(' ', result.Errors.Select(error => error.Description));

        /// <summary>For changes that cannot be refused.</summary>
        /// <exception cref="InvalidOperationException">The change failed.</exception>
        public void ThrowIfFailed()
        {
            if (!result.Succeeded)
                throw new InvalidOperationException(result.ToString());
        }
    }
}

/// <summary>The texts of Identity's errors that a person can cause.</summary>
internal sealed class AccountErrors : IdentityErrorDescriber
{
    public override IdentityError ConcurrencyFailure() => Create(nameof(ConcurrencyFailure), AccountTexts.Get("ChangedElsewhere"));

    public override IdentityError PasswordMismatch() => Create(nameof(PasswordMismatch), AccountTexts.Get("WrongPassword"));

    public override IdentityError InvalidToken() => Create(nameof(InvalidToken), AccountTexts.Get("ResetLinkExpired"));

    public override IdentityError InvalidEmail(string? email) => Create(nameof(InvalidEmail), AccountTexts.Get("EmailInvalid"));

    public override IdentityError DuplicateEmail(string email) => Create(nameof(DuplicateEmail), AccountTexts.Get("EmailTaken"));

    private static IdentityError Create(string code, LocalText text) => new() { Code = code, Description = text.ToString() };
}
