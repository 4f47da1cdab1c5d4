using BlazorChat.Channels;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Consumers;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Api.Hub;

/// <summary>The hub's address, who may come in there, and what one connection may take.</summary>
internal static class ChatHubEndpoint
{
    public static void AddChatHub(this WebApplicationBuilder builder)
    {
        // A refused call is an answer, and what a peer sends wrongly is their mistake: neither is an error of this node, as
        // SignalR takes it for. HubCalls and ChatHub log what is.
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
                // One after the other, so that what a program says without waiting keeps its order.
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
        // One transport that lives on one node: the others would need every request of a connection to come to the same one.
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
        // SignalR registers for the end while it is mapped, or when the app has started.
        lifetime.ApplicationStarted.Register(() => open.CloseOnStopping(lifetime));
    }
}
