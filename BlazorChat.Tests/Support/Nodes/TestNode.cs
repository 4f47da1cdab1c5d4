using System.Security.Claims;
using BlazorChat.Channels;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Workers;
using BlazorChat.Tests.Channels.Layer;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlazorChat.Tests.Support.Nodes;

/// <summary>One node's channel layer, with everything that it has in the app, in a host of its own.</summary>
public sealed class TestNode : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly AsyncServiceScope _scope;

    private TestNode(IHost host)
    {
        _host = host;
        _scope = host.Services.CreateAsyncScope();
    }

    public IServiceProvider Services => _host.Services;

    public IChannelLayer Layer => _host.Services.GetRequiredService<IChannelLayer>();

    /// <summary>Starts a node.</summary>
    /// <param name="redis">Null for a node alone.</param>
    /// <param name="awaitConnected">Whether to wait (15 s at most) until the layer is connected.</param>
    /// <param name="configure">Adds or replaces services.</param>
    /// <param name="settings">As on the command line: <c>Channels:Workers:Run=false</c>.</param>
    public static async Task<TestNode> StartAsync(
        string? redis = null,
        string prefix = "test",
        int mailboxCapacity = 100_000,
        bool awaitConnected = true,
        Action<IServiceCollection>? configure = null,
        params string[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Channels:Prefix"] = prefix,
            ["Channels:MailboxCapacity"] = $"{mailboxCapacity}",
        });
        builder.Configuration.AddCommandLine([.. settings.Select(setting => $"--{setting}")]);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddChannels(builder.Configuration.GetSection("Channels"), redis);
        builder.Services.AddSingleton<ILayerSecret>(new KnownSecret(KnownSecret.OfTests));
        builder.Services.AddEvents(TestEventsJson.Default);
        builder.Services.AddScoped<AuthenticationStateProvider, Anonymous>();
        builder.Services.AddScoped<NavigationManager, FixedAddress>();
        configure?.Invoke(builder.Services);
        builder.Services.AddWorkerHost();
        var host = builder.Build();
        await host.StartAsync();
        var node = new TestNode(host);
        if (!awaitConnected)
            return node;
        try
        {
            await node.WaitForStateAsync(LayerState.Connected);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects a consumer as a circuit of this node would.</summary>
    public ValueTask<TConsumer> ConnectAsync<TConsumer>(TConsumer consumer)
        where TConsumer : CircuitConsumer =>
        _scope.ServiceProvider.GetRequiredService<CircuitConnector>().ConnectAsync(consumer);

    /// <summary>Ends the circuit: whatever it connected is disposed.</summary>
    public ValueTask EndCircuitAsync() => _scope.DisposeAsync();

    /// <summary>Ends what runs, as SIGTERM does; the services can still be asked.</summary>
    public Task StopAsync() => _host.StopAsync();

    /// <inheritdoc cref="LayerStates.WaitForStateAsync"/>
    public Task WaitForStateAsync(LayerState state) => Layer.WaitForStateAsync(state);

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class Anonymous : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() =>
            Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity())));
    }

    private sealed class FixedAddress : NavigationManager
    {
        public FixedAddress() => Initialize("http://localhost/", "http://localhost/rooms/1?x=1");
    }
}
