using System.ComponentModel.DataAnnotations;
using BlazorChat.Accounts.Passwords;
using BlazorChat.Common.Names;
using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Accounts.Registration;

/// <summary>The form of a new account.</summary>
public sealed class NewAccount : IValidatableObject
{
    [Required(ErrorMessageResourceType = typeof(AccountTexts), ErrorMessageResourceName = nameof(AccountTexts.NameRequired))]
    [StringLength(ChatUser.MaxDisplayNameLength, ErrorMessageResourceType = typeof(AccountTexts), ErrorMessageResourceName = nameof(AccountTexts.NameTooLong))]
    public string Name { get; set; } = "";

    [Required(ErrorMessageResourceType = typeof(AccountTexts), ErrorMessageResourceName = nameof(AccountTexts.EmailRequired))]
    [EmailAddress(ErrorMessageResourceType = typeof(AccountTexts), ErrorMessageResourceName = nameof(AccountTexts.EmailInvalid))]
    [StringLength(256, ErrorMessageResourceType = typeof(AccountTexts), ErrorMessageResourceName = nameof(AccountTexts.EmailTooLong))]
    public string Email { get; set; } = "";

    [Required(ErrorMessageResourceType = typeof(AccountTexts), ErrorMessageResourceName = nameof(AccountTexts.PasswordRequired))]
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
