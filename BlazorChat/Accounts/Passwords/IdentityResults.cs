using Microsoft.AspNetCore.Identity;

namespace BlazorChat.Accounts.Passwords;

internal static class IdentityResults
{
    extension(IdentityResult result)
    {
        /// <summary>Why Identity did not do it, for the person who asked; null when it did.</summary>
        public string? Refusal => result.Succeeded ? null : string.Join(' ', result.Errors.Select(error => error.Description));

        /// <exception cref="InvalidOperationException">It failed; for what cannot fail unless something is broken.</exception>
        public void ThrowIfFailed()
        {
            if (!result.Succeeded)
                throw new InvalidOperationException(result.ToString());
        }
    }
}

/// <summary>Identity's errors in the words of this app.</summary>
internal sealed class AccountErrors : IdentityErrorDescriber
{
    public override IdentityError ConcurrencyFailure() => new()
    {
        Code = nameof(ConcurrencyFailure),
        Description = "Your account was changed elsewhere at the same moment. Nothing is saved; try again.",
    };

    public override IdentityError PasswordMismatch() => new()
    {
        Code = nameof(PasswordMismatch),
        Description = "That isn't your current password.",
    };

    public override IdentityError InvalidToken() => new()
    {
        Code = nameof(InvalidToken),
        Description = "This link has been used or has expired. Ask an admin for a new one.",
    };
}
