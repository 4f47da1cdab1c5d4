using System.Globalization;
using System.Security.Claims;
using BlazorChat.Channels.Consumers;

namespace BlazorChat.Accounts.Rights;

/// <summary>The properties of the signed-in user, all from the claims of the cookie.</summary>
public static class SignedInUser
{
    public const string AdminRole = "admin";

    public const string DisplayNameClaim = "display_name";

    public const string LanguageClaim = "language";

    extension(ClaimsPrincipal user)
    {
        public bool IsSignedIn => user.Identity?.IsAuthenticated == true;

        /// <summary>The account's id.</summary>
        /// <exception cref="InvalidOperationException">Nobody is signed in.</exception>
        public int UserId => user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
            ? int.Parse(id, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException("Nobody is signed in.");

        /// <summary>The server-side session of this sign-in; null for an anonymous user.</summary>
        public string? SessionId => user.FindFirstValue(ConnectionRegistry.SessionClaim);

        /// <summary>The language that the person chose, as in <c>ko</c>; null for that of the browser.</summary>
        public string? Language => user.FindFirstValue(LanguageClaim);

        public string DisplayName => user.FindFirstValue(DisplayNameClaim) ?? user.Identity?.Name ?? "";
    }
}
