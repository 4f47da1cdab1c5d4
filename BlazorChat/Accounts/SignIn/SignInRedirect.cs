using Microsoft.AspNetCore.Components;

namespace BlazorChat.Accounts.SignIn;

/// <summary>Redirects to the address that the person asked for before they signed in, if it is one of ours.</summary>
internal sealed class SignInRedirect(NavigationManager navigation)
{
    public void To(string? returnUrl) => navigation.NavigateTo(Local(returnUrl));

    /// <summary>The address if it is a path of this application, its start page otherwise; ready for a header, so in ASCII.</summary>
    public static string Local(string? address)
    {
        // Browsers take "//host" and "/\host" for another server, and drop tabs and line breaks before they look.
        if (address is not ['/', ..] || address is ['/', '/' or '\\', ..] || address.Any(char.IsControl))
            return "/";
        var encoded = Encode(address);
        return Uri.IsWellFormedUriString(encoded, UriKind.Relative) ? encoded : "/";
    }

    /// <summary>Percent-encodes what is not ASCII, and nothing else: what is encoded already stays as it is.</summary>
    private static string Encode(string address) =>
        string.Concat(address.EnumerateRunes().Select(rune => rune.IsAscii ? rune.ToString() : Uri.EscapeDataString(rune.ToString())));
}
