namespace BlazorChat.Accounts.SignIn;

internal static class SignInRefusal
{
    /// <summary>The same whether there is such an account, and whether it is locked, or not.</summary>
    public const string WrongPassword =
        "The email address or the password is wrong. After five wrong passwords, an address is locked for five minutes.";
}
