using System.ComponentModel.DataAnnotations;
using System.Text;
using BlazorChat.Data;

namespace BlazorChat.Accounts;

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

    // Letters and symbols that fonts draw as nothing: the Hangul fillers and the empty Braille cell.
    private static bool IsInk(Rune rune) =>
        (Rune.IsLetterOrDigit(rune) || Rune.IsPunctuation(rune) || Rune.IsSymbol(rune))
        && rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800);

    internal static IEnumerable<ValidationResult> CheckName(string name, string field)
    {
        if (!PlainText.IsOneLine(name))
            yield return new ValidationResult("This name has characters that cannot be shown.", [field]);
        // A wholly empty name is told by [Required] already.
        else if (!string.IsNullOrWhiteSpace(name) && !name.EnumerateRunes().Any(IsInk))
            yield return new ValidationResult("This name has nothing that one could see.", [field]);
    }
}
