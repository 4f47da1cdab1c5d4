using System.Net;

namespace BlazorChat.Tests.Rooms.Api.Hub;

/// <summary>The hub while a node or Redis is down.</summary>
[Trait("Speed", "Slow")]
public sealed class ChatHubOutageTests : IAsyncLifetime
{
    private readonly KillableSite _site = new();
    private Member _zoe = default!;
    private BotAccount _bot = default!;

    public async ValueTask InitializeAsync()
    {
        await _site.InitializeAsync();
        _zoe = await _site.JoinAsync("Zoe");
        _bot = await _site.AddBotAsync("Deployer");
    }

    public ValueTask DisposeAsync()
    {
        _zoe.Dispose();
        return _site.DisposeAsync();
    }

    [Fact]
    public async Task A_program_resumes_from_its_revision_when_its_node_is_killed()
    {
        await using var writer = await HubPeer.ConnectAsync(_site.Second.Address, _bot.Key);
        await using var reader = await HubPeer.ConnectAsync(_site.Node.Address, _bot.Key);
        await using var room = reader.Follow(1, 0);
        for (var i = 1; i <= 20; i++)
            await writer.SendAsync(1, $"{i}");
        var before = await room.NextAsync(20);

        await _site.Process.KillAsync();
        await reader.ClosedAsync();
        for (var i = 21; i <= 40; i++)
            await writer.SendAsync(1, $"{i}");
        await using var again = await HubPeer.ConnectAsync(_site.Second.Address, _bot.Key);
        await using var rest = again.Follow(1, before[^1].Revision);
        var after = await rest.NextAsync(20);

        Assert.Equal(Enumerable.Range(1, 40).Select(i => ((long)i, $"{i}")), before.Concat(after).Select(change => (change.Revision, change.Message)));
    }

    [Fact]
    public async Task A_restart_of_Redis_loses_and_duplicates_nothing_for_a_follower()
    {
        await using var writer = await HubPeer.ConnectAsync(_site.Node.Address, _bot.Key);
        await using var reader = await HubPeer.ConnectAsync(_site.Second.Address, _zoe.Cookies);
        await using var room = reader.Follow(1, 0);

        for (var i = 1; i <= 40; i++)
        {
            if (i == 10)
                await _site.Redis.KillAsync();
            if (i == 30)
                await _site.Redis.StartAgainAsync();
            await writer.SendAsync(1, $"{i}");
        }

        Assert.Equal(Enumerable.Range(1, 40).Select(i => $"{i}"), (await room.NextAsync(40)).Select(change => change.Message));
    }

    [Fact]
    public async Task Without_Redis_a_revoked_key_and_an_ended_session_end_on_the_other_node_too()
    {
        await using var bot = await HubPeer.ConnectAsync(_site.Second.Address, _bot.Key);
        await using var zoe = await HubPeer.ConnectAsync(_site.Second.Address, _zoe.Cookies);
        await _site.Redis.KillAsync();

        using var revoked = await _site.Ada.SubmitAsync("admin/bots", "bots", ("Revoke", $"{_bot.KeyId}"));
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        await _zoe.SignOutAsync();

        await bot.SignInEndedAsync();
        await zoe.SignInEndedAsync();
        await bot.ClosedAsync();
        await zoe.ClosedAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await HubPeer.StatusAsync(_site.Second.Address, key: _bot.Key));
    }

    [Fact]
    public async Task G21_A_node_that_stops_asks_its_hub_connections_to_reconnect()
    {
        await using var hub = await SocketClient.ConnectAsync(_site.Node.Address, "hubs/chat", key: _bot.Key);
        await hub.SendTextAsync("{\"protocol\":\"json\",\"version\":1}\u001e");
        Assert.Equal("{}\u001e", await hub.ReceiveTextAsync());
        // The answer of the call shows that it is connected.
        await hub.SendTextAsync("{\"type\":1,\"invocationId\":\"1\",\"target\":\"Rooms\",\"arguments\":[]}\u001e");
        while (!(await hub.ReceiveTextAsync()).Contains("\"invocationId\":\"1\"", StringComparison.Ordinal))
        {
            // Pings.
        }

        var stopping = _site.Process.StopAsync();
        var last = await hub.ReceiveTextAsync();
        while (last.Contains("\"type\":6", StringComparison.Ordinal))
            last = await hub.ReceiveTextAsync();

        Assert.Equal("{\"type\":7,\"allowReconnect\":true}\u001e", last);
        Assert.Equal(1000, (await hub.ClosedWithAsync()).Code);
        Assert.Equal(0, await stopping);
    }
}
