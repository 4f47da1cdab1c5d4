using Microsoft.AspNetCore.Components;

namespace BlazorChat.Accounts;

/// <summary>Goes where the person wanted to go before they signed in, if that is an address of ours.</summary>
internal sealed class SignInRedirect(NavigationManager navigation)
{
    public void To(string? returnUrl) => navigation.NavigateTo(Local(returnUrl));

    /// <summary>The address, if it is a path of this application; its start page otherwise.</summary>
    public static string Local(string? address)
    {
        // Browsers take "//host" and "/\host" for another server, and drop tabs and line breaks before they look.
        var isLocal = address is ['/', ..]
            && address is not ['/', '/' or '\\', ..]
            && !address.Any(char.IsControl)
            && Uri.IsWellFormedUriString(address, UriKind.Relative);
        return isLocal ? address! : "/";
    }
}
