using BlazorChat.Channels;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Layer.Envelopes;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace BlazorChat.Tests.Support.Nodes;

/// <summary>A small app of a test on a real Kestrel, with the channel layer alone, to test consumers of sockets and streams.</summary>
/// <example>
/// <code>
/// await using var app = await ConsumerApp.StartAsync(app => app.MapConsumer&lt;LobbyConsumer&gt;("/ws/lobby/"), services => services.AddEvents(LobbyJson.Default));
/// await using var socket = await SocketClient.ConnectAsync(app.Address, "ws/lobby/");
/// </code>
/// </example>
public sealed class ConsumerApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ConsumerApp(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public IServiceProvider Services => _app.Services;

    public IChannelLayer Layer => Services.GetRequiredService<IChannelLayer>();

    /// <summary>Starts an app and returns when its layer is connected.</summary>
    /// <param name="map">Adds middleware and maps the consumers.</param>
    /// <param name="services">Adds the events and what the consumers need.</param>
    /// <param name="redis">The connection string of Redis; null for a single node.</param>
    /// <param name="protocols">The version of HTTP; without TLS a port serves only one.</param>
    /// <param name="settings">Further settings: <c>Channels:MaxMessageLength</c>.</param>
    public static async Task<ConsumerApp> StartAsync(
        Action<WebApplication> map,
        Action<IServiceCollection>? services = null,
        string? redis = null,
        HttpProtocols protocols = HttpProtocols.Http1,
        params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        foreach (var (name, value) in settings)
            builder.Configuration[name] = value;
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ILayerSecret>(new KnownSecret(KnownSecret.OfTests));
        builder.Services.AddChannels(builder.Configuration.GetSection("Channels"), redis);
        builder.Services.AddRouting(options => options.SetParameterPolicy<Microsoft.AspNetCore.Routing.Constraints.AlphaRouteConstraint>("alpha"));
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseChannels();
        map(app);
        app.UseAdmission();
        await app.StartAsync();
        await app.Services.GetRequiredService<IChannelLayer>().WaitForStateAsync(LayerState.Connected);
        return new ConsumerApp(app);
    }

    /// <summary>Stops the app as SIGTERM does.</summary>
    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
