using System.ComponentModel.DataAnnotations;
using BlazorChat.Accounts.Passwords;
using BlazorChat.Common.Names;
using BlazorChat.Data.Entities;

namespace BlazorChat.Accounts.Registration;

/// <summary>What a person types to get an account.</summary>
public sealed class NewAccount : IValidatableObject
{
    [Required(ErrorMessage = "Tell us what to call you.")]
    [StringLength(ChatUser.MaxDisplayNameLength, ErrorMessage = "A name has at most {1} characters.")]
    public string Name { get; set; } = "";

    [Required(ErrorMessage = "An email address is needed to sign in.")]
    [EmailAddress(ErrorMessage = "This is no email address.")]
    [StringLength(256, ErrorMessage = "An email address has at most {1} characters.")]
    public string Email { get; set; } = "";

    [Required(ErrorMessage = "Choose a password.")]
    [NewPassword]
    public string Password { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => CheckName(Name, nameof(Name));

    internal static IEnumerable<ValidationResult> CheckName(string name, string field)
    {
        // [Required] reports an empty name.
        if (!string.IsNullOrEmpty(name) && NameText.FindProblem(name) is { } problem && (!string.IsNullOrWhiteSpace(name) || !PlainText.IsOneLine(name)))
            yield return new ValidationResult(problem.ToString(), [field]);
    }
}
