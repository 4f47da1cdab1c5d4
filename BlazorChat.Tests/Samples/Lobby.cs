using System.Text.Json.Serialization;
using BlazorChat.Channels;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.WebSockets;

namespace BlazorChat.Tests.Samples;

/// <summary>The event that the channel layer carries. The attribute gives its name on the wire.</summary>
[EventName("lobby.message")]
public sealed record LobbyMessage(string Text);

/// <summary>How the layer writes the event as JSON.</summary>
[JsonSerializable(typeof(LobbyMessage))]
internal sealed partial class LobbyJson : JsonSerializerContext;

/// <summary>The groups of the feature: one for each lobby.</summary>
internal static class LobbyGroups
{
    public static string Of(string lobby) => $"lobby.{lobby}";
}

/// <summary>One WebSocket: publishes what its peer sends, and sends the peer what is published to its lobby.</summary>
internal sealed class LobbyConsumer(IChannelLayer layer) : WebSocketConsumer, IHandle<LobbyMessage>
{
    private string Lobby => (string)Scope.RouteValues["lobby"]!;

    protected override IEnumerable<string> Groups => [LobbyGroups.Of(Lobby)];

    protected override async ValueTask ReceiveTextAsync(string text, CancellationToken cancellationToken) =>
        await layer.PublishAsync(LobbyGroups.Of(Lobby), new LobbyMessage(text), CancellationToken.None);

    public ValueTask HandleAsync(LobbyMessage message, CancellationToken cancellationToken)
    {
        SendText(message.Text);
        return ValueTask.CompletedTask;
    }
}

/// <summary>What the program calls.</summary>
internal static class LobbyServices
{
    public static IServiceCollection AddLobby(this IServiceCollection services) =>
        services.AddEvents(LobbyJson.Default);

    public static IEndpointConventionBuilder MapLobby(this IEndpointRouteBuilder app) =>
        app.MapConsumer<LobbyConsumer>("/ws/lobby/{lobby:alpha}/");
}
