using System.Net;
using BlazorChat.Rooms.Api.Bots;
using BlazorChat.Rooms.Bots;

namespace BlazorChat.Tests.Rooms.Bots;

/// <summary>Commands of bots for programs, as docs/protocol.md describes them: the hub and the addresses for scripts.</summary>
public sealed class BotCommandApiTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task A_bot_declares_commands_and_receives_calls_by_the_hub_and_by_scripts()
    {
        using var zoe = await site.JoinAsync("Zoe");
        var room = await site.AddRoomAsync(site.Ada, zoe);
        var bot = await site.AddBotAsync("Deployer", room);
        await using var hub = await HubPeer.ConnectAsync(site.Node.Address, bot.Key);
        using var script = new ScriptClient(site.Node.Address, bot.Key);
        var person = TestDatabase.SignIn(zoe.Id, "Zoe");
        var commands = ((HostedNode)site.Node).Services.GetRequiredService<BotCommands>();

        // The hub
        await hub.SetCommandsAsync(new ChatBotCommand("deploy", "Deploys", "version"), new ChatBotCommand("rollback", "Goes back"));
        await commands.CallAsync(person, room.Id, "deploy", "v2", Guid.NewGuid(), default);
        await hub.CalledAsync();
        var call = Assert.Single(await hub.CallsAsync());
        Assert.Equal(("deploy", "v2", zoe.Id, "Zoe", room.Id), (call.Name, call.Text, call.PersonId, call.PersonName, call.RoomId));
        await hub.AcknowledgeCallAsync(call.Id);
        Assert.Empty(await hub.CallsAsync());

        // Scripts
        var (_, listed) = await script.SendAsync(HttpMethod.Get, "api/commands");
        Assert.Equal("version", listed[0].GetProperty("usage").GetString());
        Assert.False(listed[1].TryGetProperty("usage", out _));
        var (status, _) = await script.SendAsync(HttpMethod.Put, "api/commands", new { commands = new[] { new { name = "ship", hint = "Ships" } } });
        Assert.Equal(HttpStatusCode.NoContent, status);
        (status, var refused) = await script.SendAsync(HttpMethod.Put, "api/commands", new { commands = new[] { new { name = "topic", hint = "x" } } });
        Assert.Equal((HttpStatusCode.Conflict, "/topic is built in."), (status, refused.GetProperty("message").GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, (await script.SendAsync(HttpMethod.Put, "api/commands", new { })).Status);
        await commands.CallAsync(person, room.Id, "ship", "it", Guid.NewGuid(), default);
        var (_, calls) = await script.SendAsync(HttpMethod.Get, "api/calls");
        Assert.Equal(("ship", "it", "zoe"), (calls[0].GetProperty("name").GetString(), calls[0].GetProperty("text").GetString(), calls[0].GetProperty("handle").GetString()));
        var id = calls[0].GetProperty("id").GetInt64();
        Assert.Equal(0, (await script.SendAsync(HttpMethod.Get, $"api/calls?after={id}")).Answer.GetArrayLength());
        Assert.Equal(HttpStatusCode.NoContent, (await script.SendAsync(HttpMethod.Delete, $"api/calls/{id}")).Status);
        Assert.Equal(0, (await script.SendAsync(HttpMethod.Get, "api/calls")).Answer.GetArrayLength());
    }
}
