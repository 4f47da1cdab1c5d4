using System.Security.Claims;
using BlazorChat.Accounts.Presence;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Accounts.Presence;

public sealed class CircuitPresenceTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly Authentication _authentication = new(TestDatabase.SignIn(1, "Ada"));
    private TestNode _node = default!;
    private PresenceDirectory _presence = default!;
    private CircuitPresence _circuit = default!;

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.StartAsync();
        _presence = new PresenceDirectory(_node.Layer, _time);
        _circuit = new CircuitPresence(_presence, _authentication);
    }

    public async ValueTask DisposeAsync()
    {
        _circuit.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task A_circuit_counts_while_its_browser_is_connected_and_keeps_what_it_shows()
    {
        _circuit.Watch(7);
        Assert.Equal(PresenceState.Offline, _presence.Find(1));
        await _circuit.OnConnectionUpAsync(null!, default);
        Assert.True(_presence.IsWatching(1, 7));
        await _circuit.OnConnectionDownAsync(null!, default);
        Assert.False(_presence.IsWatching(1, 7));
        _time.Advance(LocalPresence.AwayAfter);
        Assert.Equal(PresenceState.Offline, _presence.Find(1));

        await _circuit.OnConnectionUpAsync(null!, default);

        Assert.False(_presence.IsActive(1));
        _circuit.Touch();
        Assert.True(_presence.IsWatching(1, 7));
    }

    [Fact]
    public async Task After_a_short_drop_the_person_looks_at_the_room_as_before()
    {
        _circuit.Watch(7);
        await _circuit.OnConnectionUpAsync(null!, default);
        await _circuit.OnConnectionDownAsync(null!, default);

        await _circuit.OnConnectionUpAsync(null!, default);

        Assert.True(_presence.IsWatching(1, 7));
    }

    [Fact]
    public async Task Who_signs_out_is_gone_although_the_circuit_continues()
    {
        _circuit.Watch(7);
        await _circuit.OnConnectionUpAsync(null!, default);

        _authentication.SignOut();

        Assert.False(_presence.IsWatching(1, 7));
        await _circuit.OnConnectionUpAsync(null!, default);
        Assert.False(_presence.IsWatching(1, 7));
    }

    private sealed class Authentication(ClaimsPrincipal user) : AuthenticationStateProvider
    {
        private Task<AuthenticationState> _state = Task.FromResult(new AuthenticationState(user));

        public override Task<AuthenticationState> GetAuthenticationStateAsync() => _state;

        public void SignOut()
        {
            _state = Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity())));
            NotifyAuthenticationStateChanged(_state);
        }
    }
}
