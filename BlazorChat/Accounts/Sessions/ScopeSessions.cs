using System.Security.Claims;
using BlazorChat.Channels.Consumers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts.Sessions;

/// <summary>Login and logout in a scope begin and end the same sessions as the sign-in page does.</summary>
internal sealed class ScopeSessions(
    SessionStore store, SessionDirectory sessions, IOptionsMonitor<CookieAuthenticationOptions> cookies, TimeProvider time) : IScopeSessions
{
    public async Task<ClaimsPrincipal> StartAsync(ClaimsPrincipal user, ConsumerScope scope, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var properties = new AuthenticationProperties
        {
            IssuedUtc = now,
            ExpiresUtc = now + cookies.Get(IdentityConstants.ApplicationScheme).ExpireTimeSpan,
        };
        var ticket = new AuthenticationTicket(user, properties, IdentityConstants.ApplicationScheme);
        await store.StartAsync(ticket, scope.Headers.UserAgent.ToString(), cancellationToken);
        return ticket.Principal;
    }

    public Task EndAsync(string sessionId, CancellationToken cancellationToken) => sessions.EndAsync(sessionId, cancellationToken);
}
