using System.Security.Claims;

namespace BlazorChat.Channels.Consumers;

/// <summary>The app's server-side sessions, which <see cref="ConsumerScope"/> uses to log users in and out. The app registers an implementation.</summary>
public interface IScopeSessions
{
    /// <summary>Starts a session for a user whose password has been checked.</summary>
    /// <returns>The user with the claim <see cref="ConnectionRegistry.SessionClaim"/>.</returns>
    /// <exception cref="UnauthorizedAccessException">This account may not sign in.</exception>
    Task<ClaimsPrincipal> StartAsync(ClaimsPrincipal user, ConsumerScope scope, CancellationToken cancellationToken);

    /// <summary>Ends a session on every node. Nothing happens when it has ended already.</summary>
    Task EndAsync(string sessionId, CancellationToken cancellationToken);
}
