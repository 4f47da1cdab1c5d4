using System.Globalization;
using System.Security.Claims;
using BlazorChat.Channels.Consumers;

namespace BlazorChat.Accounts.Rights;

/// <summary>What the features ask of the signed-in user; everything comes from the cookie's claims.</summary>
public static class SignedInUser
{
    public const string AdminRole = "admin";

    public const string DisplayNameClaim = "display_name";

    extension(ClaimsPrincipal user)
    {
        public bool IsSignedIn => user.Identity?.IsAuthenticated == true;

        /// <summary>The account's id.</summary>
        /// <exception cref="InvalidOperationException">Nobody is signed in.</exception>
        public int UserId => user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
            ? int.Parse(id, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException("Nobody is signed in.");

        /// <summary>The server-side session of this sign-in; null for a stranger.</summary>
        public string? SessionId => user.FindFirstValue(ConnectionRegistry.SessionClaim);

        public string DisplayName => user.FindFirstValue(DisplayNameClaim) ?? user.Identity?.Name ?? "";
    }
}
