using System.Collections.Concurrent;
using BlazorChat.Channels.Layer;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace BlazorChat.Channels.Consumers;

/// <summary>
/// Connects the consumers of one circuit. The signed-in user of the cascading authentication state becomes the scope's user.
/// A component disposes what it connected; whatever is left ends with the circuit.
/// </summary>
public sealed class CircuitConnector : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Consumer, bool> _consumers = new();
    private readonly AuthenticationStateProvider _authentication;
    private readonly NavigationManager _navigation;
    private readonly IServiceProvider _services;
    private readonly ChannelLayer _layer;

    internal CircuitConnector(
        AuthenticationStateProvider authentication, NavigationManager navigation, IServiceProvider services, ChannelLayer layer)
    {
        _authentication = authentication;
        _navigation = navigation;
        _services = services;
        _layer = layer;
        _authentication.AuthenticationStateChanged += End;
    }

    /// <summary>Joins the consumer's groups and starts handling; returns the consumer.</summary>
    /// <exception cref="OperationCanceledException">The component was gone before it was connected; so is the consumer.</exception>
    public async ValueTask<TConsumer> ConnectAsync<TConsumer>(TConsumer consumer, CancellationToken cancellationToken = default)
        where TConsumer : CircuitConsumer
    {
        var user = (await _authentication.GetAuthenticationStateAsync()).User;
        var address = new Uri(_navigation.Uri);
        var scope = new ConsumerScope
        {
            Protocol = "circuit",
            Path = address.AbsolutePath,
            Query = address.Query,
            User = user,
            Services = _services,
        };
        _consumers[consumer] = true;
        await consumer.ConnectAsync(scope, _layer, cancellationToken);
        foreach (var ended in _consumers.Keys.Where(ended => ended.IsClosed))
            _consumers.TryRemove(ended, out _);
        return consumer;
    }

    public async ValueTask DisposeAsync()
    {
        _authentication.AuthenticationStateChanged -= End;
        await EndAsync();
    }

    /// <summary>What was connected for one user must not go on for another, or for the stranger that a user becomes.</summary>
    private void End(Task<AuthenticationState> state) => _ = EndAsync();

    private async Task EndAsync()
    {
        foreach (var consumer in _consumers.Keys)
            await consumer.DisposeAsync();
    }
}
