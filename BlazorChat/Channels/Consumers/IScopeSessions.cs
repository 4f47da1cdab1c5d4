using System.Security.Claims;

namespace BlazorChat.Channels.Consumers;

/// <summary>The application's server-side sessions, as a scope's login and logout use them.</summary>
public interface IScopeSessions
{
    /// <summary>Begins a session for a user whose right to it has been checked.</summary>
    /// <returns>The user with the claim <see cref="ConnectionRegistry.SessionClaim"/>.</returns>
    /// <exception cref="UnauthorizedAccessException">This account may not sign in.</exception>
    Task<ClaimsPrincipal> StartAsync(ClaimsPrincipal user, ConsumerScope scope, CancellationToken cancellationToken);

    /// <summary>Ends a session; one that has ended already changes nothing.</summary>
    Task EndAsync(string sessionId, CancellationToken cancellationToken);
}
