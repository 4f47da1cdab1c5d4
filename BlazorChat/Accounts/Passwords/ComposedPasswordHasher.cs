using System.Text;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts.Passwords;

/// <summary>
/// Hashes the composed form of a password: macOS types "é" and Korean syllables decomposed in some places, other systems
/// composed, and both are the same password.
/// </summary>
internal sealed class ComposedPasswordHasher(IOptions<PasswordHasherOptions> options) : PasswordHasher<ChatUser>(options)
{
    public override string HashPassword(ChatUser user, string password) => base.HashPassword(user, Compose(password));

    public override PasswordVerificationResult VerifyHashedPassword(ChatUser user, string hashedPassword, string providedPassword) =>
        base.VerifyHashedPassword(user, hashedPassword, Compose(providedPassword));

    private static string Compose(string password)
    {
        try
        {
            return password.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair has no composed form.
            return password;
        }
    }
}
