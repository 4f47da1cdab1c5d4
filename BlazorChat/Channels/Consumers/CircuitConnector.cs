using System.Collections.Concurrent;
using BlazorChat.Channels.Layer;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace BlazorChat.Channels.Consumers;

/// <summary>
/// Connects the consumers of one circuit; a scoped service. The user of the circuit's authentication state becomes the scope's user. A
/// component disposes the consumers that it connected. The connector disposes the remaining ones when the circuit ends, and all of them
/// when the circuit's user changes.
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

    /// <summary>Connects a consumer: joins its groups, then starts to handle events.</summary>
    /// <param name="consumer">A consumer that was not connected before.</param>
    /// <param name="cancellationToken">Cancelled when the component is disposed.</param>
    /// <returns>The consumer, for the component to dispose.</returns>
    /// <exception cref="GroupNameException">The name of one of its groups breaks the rule.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the consumer was connected. The consumer is disposed.</exception>
    /// <exception cref="ObjectDisposedException">The consumer was disposed while it connected.</exception>
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

    /// <summary>Disposes every consumer of the circuit.</summary>
    public async ValueTask DisposeAsync()
    {
        _authentication.AuthenticationStateChanged -= End;
        await EndAsync();
    }

    /// <summary>A consumer that was connected for one user must not continue for another one, nor after the user has signed out.</summary>
    private void End(Task<AuthenticationState> state) => _ = EndAsync();

    private async Task EndAsync()
    {
        foreach (var consumer in _consumers.Keys)
            await consumer.DisposeAsync();
    }
}
