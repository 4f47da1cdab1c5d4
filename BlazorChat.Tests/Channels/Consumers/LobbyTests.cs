using System.Net;
using System.Text.Json.Serialization;
using BlazorChat.Channels;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.WebSockets;

namespace BlazorChat.Tests.Channels.Consumers;

[EventName("lobby.said")]
public sealed record LobbySaid(string Text);

[JsonSerializable(typeof(LobbySaid))]
internal sealed partial class LobbyJson : JsonSerializerContext;

/// <summary>The example of docs/consumers.md.</summary>
internal sealed class LobbyConsumer(IChannelLayer layer) : WebSocketConsumer, IHandle<LobbySaid>
{
    private string Lobby => $"lobby.{Scope.RouteValues["name"]}";

    protected override IEnumerable<string> Groups => [Lobby];

    protected override async ValueTask ReceiveTextAsync(string text, CancellationToken cancellationToken) =>
        await layer.PublishAsync(Lobby, new LobbySaid(text), cancellationToken);

    public ValueTask HandleAsync(LobbySaid message, CancellationToken cancellationToken)
    {
        SendText(message.Text);
        return ValueTask.CompletedTask;
    }
}

/// <summary>A new consumer takes one class and one line, here in an app of its own: two nodes on one Redis.</summary>
public sealed class LobbyTests
{
    [Fact]
    public async Task Everybody_in_a_lobby_receives_its_messages_on_every_node_and_nobody_else_does()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await StartAsync(redis);
        await using var two = await StartAsync(redis);
        await using var ada = await SocketClient.ConnectAsync(one.Address, "ws/lobby/red/");
        await using var zoe = await SocketClient.ConnectAsync(two.Address, "ws/lobby/red/");
        await using var other = await SocketClient.ConnectAsync(two.Address, "ws/lobby/blue/");

        await ada.SendTextAsync("hello red");
        Assert.Equal("hello red", await zoe.ReceiveTextAsync());
        Assert.Equal("hello red", await ada.ReceiveTextAsync());
        await other.SendTextAsync("hello blue");

        Assert.Equal("hello blue", await other.ReceiveTextAsync());
        Assert.Equal(HttpStatusCode.NotFound, await SocketClient.StatusAsync(one.Address, "ws/lobby/7/"));
    }

    private static Task<ConsumerApp> StartAsync(RedisServer redis) => ConsumerApp.StartAsync(
        app => app.MapConsumer<LobbyConsumer>("/ws/lobby/{name:alpha}/"),
        services => services.AddEvents(LobbyJson.Default),
        redis.ConnectionString);
}
