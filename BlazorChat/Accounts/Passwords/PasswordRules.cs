using System.ComponentModel.DataAnnotations;
using BlazorChat.Data.Entities;
using Microsoft.AspNetCore.Identity;

namespace BlazorChat.Accounts.Passwords;

/// <summary>Which passwords may be chosen: any characters, long enough, and none that everybody would guess.</summary>
internal sealed class PasswordRules : IPasswordValidator<ChatUser>
{
    /// <summary>In characters, as Unicode counts them.</summary>
    public const int MinLength = 8;

    /// <inheritdoc cref="MinLength"/>
    public const int MaxLength = 256;

    /// <summary>The rule as it stands beside the box.</summary>
    public const string Text = "8 to 256 characters of any kind. Common passwords are refused.";

    /// <returns>Why a password may not be chosen; null when it may.</returns>
    public static string? Check(string password) => password.EnumerateRunes().Count() switch
    {
        < MinLength or > MaxLength => $"A password has {MinLength} to {MaxLength} characters.",
        _ when CommonPasswords.Contains(password) => "This is one of the most common passwords. Choose another one.",
        _ => null,
    };

    public Task<IdentityResult> ValidateAsync(UserManager<ChatUser> manager, ChatUser user, string? password) =>
        Task.FromResult((Check(password ?? "") ?? CheckOwner(user, password!)) is { } refusal
            ? IdentityResult.Failed(new IdentityError { Code = nameof(PasswordRules), Description = refusal })
            : IdentityResult.Success);

    private static string? CheckOwner(ChatUser user, string password) =>
        string.Equals(password, user.Email, StringComparison.OrdinalIgnoreCase)
        || string.Equals(password, user.DisplayName, StringComparison.OrdinalIgnoreCase)
            ? "A password cannot be your name or email address. Choose another one."
            : null;
}

/// <summary>A password that may be chosen; an empty one is for <see cref="RequiredAttribute"/> to report.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NewPasswordAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is string { Length: > 0 } password && PasswordRules.Check(password) is { } refusal
            ? new ValidationResult(refusal, [validationContext.MemberName!])
            : ValidationResult.Success;
}
