using System.Text.Json.Serialization;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.EventStreams;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Layer.Envelopes;
using BlazorChat.Channels.Layer.InMemory;
using BlazorChat.Channels.Layer.Redis;
using BlazorChat.Channels.WebSockets;
using BlazorChat.Channels.Workers;
using BlazorChat.Channels.Workers.Queue;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace BlazorChat.Channels;

/// <summary>Adds and maps the channel layer.</summary>
public static class ChannelServices
{
    /// <summary>Adds the channel layer: over Redis when <c>ConnectionStrings:Redis</c> is set, in this process alone otherwise.</summary>
    public static WebApplicationBuilder AddChannels(this WebApplicationBuilder builder)
    {
        builder.Services.AddChannels(builder.Configuration.GetSection("Channels"), builder.Configuration.GetConnectionString("Redis"));
        return builder;
    }

    /// <summary>Enables WebSockets, with pings that detect peers that are gone. Called before the endpoints.</summary>
    public static WebApplication UseChannels(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<ChannelOptions>>().Value;
        SocketTransport.Use(app);
        app.UseWebSockets(new WebSocketOptions
        {
            KeepAliveInterval = options.KeepAliveInterval,
            KeepAliveTimeout = options.KeepAliveTimeout,
        });
        return app;
    }

    /// <summary>
    /// Checks that Redis has authenticated this process as the user in the connection string, if it names one and Redis answers. A wrong
    /// user is reported in one line on standard error.
    /// </summary>
    /// <returns>False when the app must not start.</returns>
    public static async Task<bool> TryCheckRedisAsync(this WebApplication app)
    {
        if (app.Services.GetService<RedisConnection>() is not { } redis)
            return true;
        try
        {
            await redis.CheckIdentityAsync(CancellationToken.None);
            return true;
        }
        catch (RedisIdentityException exception)
        {
            await Console.Error.WriteLineAsync($"BlazorChat does not start. {exception.Message}");
            return false;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // The backplane checks the user of a Redis that can be reached only later.
            return true;
        }
    }

    /// <summary>Maps <c>/ws/echo/</c> when <see cref="ChannelOptions.Echo"/> is set.</summary>
    public static WebApplication MapChannels(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ChannelOptions>>().Value.Echo ?? app.Environment.IsDevelopment())
            app.MapConsumer<EchoConsumer>("/ws/echo/");
        return app;
    }

    /// <summary>Registers the events of a source-generated JSON context, each with an <see cref="EventNameAttribute"/>.</summary>
    /// <example>
    /// <code>
    /// [JsonSerializable(typeof(BellRung))]
    /// internal sealed partial class BellJson : JsonSerializerContext;
    ///
    /// builder.Services.AddEvents(BellJson.Default);
    /// </code>
    /// </example>
    public static IServiceCollection AddEvents(this IServiceCollection services, JsonSerializerContext json) =>
        services.AddSingleton(new EventSource(json));

    internal static IServiceCollection AddChannels(this IServiceCollection services, IConfiguration section, string? redis)
    {
        services.AddOptions<ChannelOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<WorkerOptions>().Bind(section.GetSection("Workers")).ValidateDataAnnotations().ValidateOnStart();
        services.AddMetrics();
        services.AddSingleton<EventRegistry>();
        services.AddSingleton<ChannelMetrics>();
        services.AddSingleton<ChannelLayer>();
        services.AddSingleton<IChannelLayer>(provider => provider.GetRequiredService<ChannelLayer>());
        services.AddSingleton<NodeConnector>();
        services.AddSingleton<WorkerRegistry>();
        services.AddSingleton<IJobSender, JobSender>();
        services.AddSingleton<JobNotifier>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<Origins>();
        services.AddSingleton<ConnectionRegistry>();
        services.AddSingleton<FreeMemory>();
        services.AddSingleton<AdmissionControl>();
        services.AddSingleton<EventStreamHeartbeat>();
        services.AddHostedService<ChannelStartup>();
        services.AddScoped(provider => new CircuitConnector(
            provider.GetRequiredService<AuthenticationStateProvider>(),
            provider.GetRequiredService<NavigationManager>(),
            provider,
            provider.GetRequiredService<ChannelLayer>()));

        if (string.IsNullOrWhiteSpace(redis))
            return services.AddSingleton<IBackplane, InMemoryBackplane>().AddSingleton<IJobQueue, InMemoryJobQueue>();

        services.AddSingleton(new RedisAddress(redis));
        services.AddSingleton<RedisConnection>();
        services.AddSingleton<RedisStatus>();
        services.AddSingleton<LayerSigner>();
        services.AddSingleton<RedisJobQueue>();
        services.AddSingleton<InMemoryJobQueue>();
        services.AddSingleton<IJobQueue, FallbackJobQueue>();
        services.AddSingleton<RedisBackplane>();
        services.AddSingleton<IBackplane>(provider => provider.GetRequiredService<RedisBackplane>());
        return services.AddHostedService(provider => provider.GetRequiredService<RedisBackplane>());
    }

    /// <summary>Creates the layer at start, so that a wrong event fails the start, and before Redis connects.</summary>
    private sealed class ChannelStartup(IServiceProvider services) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetRequiredService<ChannelLayer>();
            if (services.GetService<LayerSigner>() is { } signer)
                signer.UseSecret(await services.GetRequiredService<ILayerSecret>().ReadAsync(cancellationToken));
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
