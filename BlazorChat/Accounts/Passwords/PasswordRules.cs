using System.ComponentModel.DataAnnotations;
using BlazorChat.Common.Localization;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.AspNetCore.Identity;

namespace BlazorChat.Accounts.Passwords;

/// <summary>The rules for new passwords: any characters, a minimum length, and none that is easily guessed.</summary>
internal sealed class PasswordRules : IPasswordValidator<ChatUser>
{
    /// <summary>In Unicode characters.</summary>
    public const int MinLength = 8;

    /// <inheritdoc cref="MinLength"/>
    public const int MaxLength = 256;

    /// <returns>A sentence for the person when the password breaks a rule; null when it is allowed.</returns>
    public static LocalText? FindProblem(string password) => password.EnumerateRunes().Count() switch
    {
        < MinLength or > MaxLength => AccountTexts.Get("PasswordLength", MinLength, MaxLength),
        _ when CommonPasswords.Contains(password) => AccountTexts.Get("PasswordCommon"),
        _ => null,
    };

    public Task<IdentityResult> ValidateAsync(UserManager<ChatUser> manager, ChatUser user, string? password) =>
        Task.FromResult((FindProblem(password ?? "") ?? FindProblem(user, password!)) is { } problem
            ? IdentityResult.Failed(new IdentityError { Code = nameof(PasswordRules), Description = problem.ToString() })
            : IdentityResult.Success);

    private static LocalText? FindProblem(ChatUser user, string password) =>
        string.Equals(password, user.Email, StringComparison.OrdinalIgnoreCase)
        || string.Equals(password, user.DisplayName, StringComparison.OrdinalIgnoreCase)
            ? AccountTexts.Get("PasswordIsName")
            : null;
}

/// <summary>Checks a new password by <see cref="PasswordRules"/>. <see cref="RequiredAttribute"/> reports an empty one.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NewPasswordAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is string { Length: > 0 } password && PasswordRules.FindProblem(password) is { } problem
            ? new ValidationResult(problem.ToString(), [validationContext.MemberName!])
            : ValidationResult.Success;
}
