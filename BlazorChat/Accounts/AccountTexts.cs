using BlazorChat.Common.Localization;

namespace BlazorChat.Accounts;

/// <summary>Texts of sign-in, registration and the account pages. Attributes of validation name the properties.</summary>
internal sealed class AccountTexts : Texts<AccountTexts>
{
    public static string CodeRequired => AccountTexts.Get("CodeRequired").ToString();

    public static string CodeTooLong => AccountTexts.Get("CodeTooLong").ToString();

    public static string EmailInvalid => AccountTexts.Get("EmailInvalid").ToString();

    public static string EmailRequired => AccountTexts.Get("EmailRequired").ToString();

    public static string EmailTooLong => AccountTexts.Get("EmailTooLong").ToString();

    public static string HandleRequired => AccountTexts.Get("HandleRequired").ToString();

    public static string NameRequired => AccountTexts.Get("NameRequired").ToString();

    public static string NameTooLong => AccountTexts.Get("NameTooLong").ToString();

    public static string PasswordRequired => AccountTexts.Get("PasswordRequired").ToString();
}
