using System.Security.Claims;
using BlazorChat.Channels;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Layer.Envelopes;
using BlazorChat.Channels.Workers;
using BlazorChat.Tests.Channels.Layer;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace BlazorChat.Tests.Support.Nodes;

/// <summary>The channel layer of one node with its workers, as in the app, in a host without pages.</summary>
/// <example>
/// <code>
/// await using var here = await TestNode.StartAsync(redis.ConnectionString);
/// await using var there = await TestNode.StartAsync(redis.ConnectionString);
/// var member = await there.ConnectAsync(new RecordingConsumer("room"));
/// await here.Layer.PublishAsync("room", new TestEvent(1));
/// </code>
/// </example>
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
    /// <param name="redis">The connection string of Redis; null for a single node.</param>
    /// <param name="prefix">The prefix of names in Redis: nodes of one deployment have the same.</param>
    /// <param name="mailboxCapacity">The number of events that may wait for one consumer.</param>
    /// <param name="awaitConnected">Whether to wait, at most <see cref="TestWait.Limit"/>, until the layer is connected.</param>
    /// <param name="configure">Adds or replaces services.</param>
    /// <param name="settings">Settings as on the command line: <c>Channels:Workers:Run=false</c>.</param>
    /// <exception cref="TimeoutException">The layer did not connect.</exception>
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

    /// <summary>Connects a consumer as a circuit of this node does, with an anonymous user.</summary>
    public ValueTask<TConsumer> ConnectAsync<TConsumer>(TConsumer consumer)
        where TConsumer : CircuitConsumer =>
        _scope.ServiceProvider.GetRequiredService<CircuitConnector>().ConnectAsync(consumer);

    /// <summary>Ends the circuit, which disposes the consumers that it connected.</summary>
    public ValueTask EndCircuitAsync() => _scope.DisposeAsync();

    /// <summary>Stops the node as SIGTERM does. Its services can still be used.</summary>
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
