using BlazorChat.Channels;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Consumers;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Api.Hub;

/// <summary>The hub's address, its authorization and the limits of a connection.</summary>
internal static class ChatHubEndpoint
{
    public static void AddChatHub(this WebApplicationBuilder builder)
    {
        // SignalR logs refused calls and malformed messages of peers as errors of the node. HubCalls and ChatHub log its real errors.
        builder.Logging.AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.Critical);
        builder.Logging.AddFilter("Microsoft.AspNetCore.SignalR.HubConnectionHandler", LogLevel.Critical);
        builder.Services.AddSingleton<HubCalls>();
        builder.Services.AddSingleton<HubConnections>();
        builder.Services.AddSignalR()
            .AddJsonProtocol(json => json.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, ChatHubJson.Default))
            .AddHubOptions<ChatHub>(hub =>
            {
                hub.AddFilter<HubCalls>();
                hub.SupportedProtocols = ["json"];
                // Calls that a program makes without waiting are executed in order.
                hub.MaximumParallelInvocationsPerClient = 1;
                hub.EnableDetailedErrors = false;
            });
        builder.Services.AddOptions<HubOptions<ChatHub>>().Configure<IOptions<ChannelOptions>>((hub, channels) =>
        {
            hub.MaximumReceiveMessageSize = channels.Value.MaxMessageLength;
            hub.KeepAliveInterval = channels.Value.KeepAliveInterval;
            hub.ClientTimeoutInterval = channels.Value.KeepAliveTimeout;
        });
    }

    public static void MapChatHub(this IEndpointRouteBuilder endpoints)
    {
        // The other transports need several requests for a connection, which a load balancer may send to different nodes.
        var open = endpoints.ServiceProvider.GetRequiredService<HubConnections>();
        endpoints.MapHub<ChatHub>("/hubs/chat", connection => connection.Transports = HttpTransportType.WebSockets)
            .RequireAuthorization()
            .Admit(AdmissionKind.Connection)
            .ForPrograms()
            .Add(endpoint =>
            {
                var serve = endpoint.RequestDelegate!;
                endpoint.RequestDelegate = context => open.ServeAsync(context, serve);
            });
        var lifetime = endpoints.ServiceProvider.GetRequiredService<IHostApplicationLifetime>();
        // SignalR registers its callback while it is mapped, or when the app has started.
        lifetime.ApplicationStarted.Register(() => open.CloseOnStopping(lifetime));
    }
}
