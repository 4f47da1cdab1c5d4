using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace BlazorChat.Accounts;

/// <summary>Looks again and again whether a circuit's user may still be signed in.</summary>
internal sealed class CircuitAuthentication(ILoggerFactory loggers, SignInCheck check)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => check.Interval;

    protected override Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        check.IsSignedInAsync(authenticationState.User);
}
