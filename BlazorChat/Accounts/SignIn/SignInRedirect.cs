using Microsoft.AspNetCore.Components;

namespace BlazorChat.Accounts.SignIn;

/// <summary>Redirects to the address that was requested before the sign-in, if it is an address of this site.</summary>
internal sealed class SignInRedirect(NavigationManager navigation)
{
    public void To(string? returnUrl) => navigation.NavigateTo(Local(returnUrl));

    /// <summary>Returns the address in ASCII if it is a path of this application, otherwise that of the start page.</summary>
    public static string Local(string? address)
    {
        // Browsers read "//host" and "/\host" as another server, and remove tabs and line breaks first.
        if (address is not ['/', ..] || address is ['/', '/' or '\\', ..] || address.Any(char.IsControl))
            return "/";
        var encoded = Encode(address);
        return Uri.IsWellFormedUriString(encoded, UriKind.Relative) ? encoded : "/";
    }

    /// <summary>Percent-encodes characters that are not ASCII. Encoded ones stay as they are.</summary>
    private static string Encode(string address) =>
        string.Concat(address.EnumerateRunes().Select(rune => rune.IsAscii ? rune.ToString() : Uri.EscapeDataString(rune.ToString())));
}
