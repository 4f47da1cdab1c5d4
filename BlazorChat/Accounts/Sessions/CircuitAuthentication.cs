using System.Security.Claims;
using BlazorChat.Channels.Consumers;
using BlazorChat.Common.Localization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace BlazorChat.Accounts.Sessions;

/// <summary>The user of a circuit, who becomes anonymous as soon as their session ends.</summary>
internal sealed class CircuitAuthentication : ServerAuthenticationStateProvider, IDisposable
{
    private static readonly Task<AuthenticationState> Anonymous =
        Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity())));

    private readonly ConnectionRegistry _connections;
    private IDisposable? _tracked;
    private volatile bool _isClosed;

    public CircuitAuthentication(ConnectionRegistry connections)
    {
        _connections = connections;
        AuthenticationStateChanged += Follow;
    }

    public void Dispose()
    {
        AuthenticationStateChanged -= Follow;
        _isClosed = true;
        Interlocked.Exchange(ref _tracked, null)?.Dispose();
    }

    private void Follow(Task<AuthenticationState> state)
    {
        if (state != Anonymous)
            _ = FollowAsync(state);
    }

    // The framework sets the state once, when the circuit or the page starts.
    private async Task FollowAsync(Task<AuthenticationState> state)
    {
        var user = (await state).User;
        if (!_isClosed)
            _tracked = _connections.Track(user, SiteLanguages.Bind(() => SetAuthenticationState(Anonymous)));
    }
}
