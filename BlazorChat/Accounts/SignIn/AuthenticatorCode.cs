namespace BlazorChat.Accounts.SignIn;

/// <summary>A code as it is typed: with spaces or dashes between its digits.</summary>
internal static class AuthenticatorCode
{
    public static string Clean(string typed) => string.Concat(typed.Where(letter => letter != '-' && !char.IsWhiteSpace(letter)));

    /// <summary>Whether the code has the form of an app's code; otherwise it is a recovery code.</summary>
    public static bool IsDigits(string code) => code.Length == 6 && code.All(char.IsAsciiDigit);
}
