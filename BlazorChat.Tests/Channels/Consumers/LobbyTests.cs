using System.Net;
using BlazorChat.Tests.Samples;

namespace BlazorChat.Tests.Channels.Consumers;

/// <summary>The first example of docs/consumers.md, here in an app of its own: two nodes on one Redis.</summary>
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

    [Fact]
    public async Task The_docs_show_the_lobby_that_is_tested()
    {
        var docs = await File.ReadAllTextAsync(Path.Combine(Node.Repository, "docs", "consumers.md"));
        var sample = await File.ReadAllTextAsync(Path.Combine(Node.Repository, "BlazorChat.Tests", "Samples", "Lobby.cs"));

        Assert.Contains(
            $"```csharp\n{sample.Replace("namespace BlazorChat.Tests.Samples;", "namespace BlazorChat.Lobby;", StringComparison.Ordinal)}```\n",
            docs,
            StringComparison.Ordinal);
    }

    private static Task<ConsumerApp> StartAsync(RedisServer redis) =>
        ConsumerApp.StartAsync(app => app.MapLobby(), services => services.AddLobby(), redis.ConnectionString);
}
