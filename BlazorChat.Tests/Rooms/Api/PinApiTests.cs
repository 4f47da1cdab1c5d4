using System.Net;

namespace BlazorChat.Tests.Rooms.Api;

/// <summary>Pins for programs, as docs/protocol.md describes them: the socket, the hub and the addresses for scripts.</summary>
public sealed class PinApiTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task A_program_pins_lists_and_unpins_by_every_api()
    {
        using var zoe = await site.JoinAsync("Zoe");
        var room = await site.AddRoomAsync(site.Ada, zoe);
        var bot = await site.AddBotAsync("Deployer", room);
        await using var socket = await SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{room.Id}/chat/", zoe.Cookies);
        await using var hub = await HubPeer.ConnectAsync(site.Node.Address, bot.Key);
        using var script = new ScriptClient(site.Node.Address, bot.Key);
        await hub.SendAsync(room.Id, "root");
        await hub.ReplyAsync(room.Id, 1, "one");

        // The socket
        foreach (var _ in new[] { 1, 2 })
        {
            await socket.SendTextAsync("""{"type":"chat.pin","sequence":1}""");
            Assert.Equal(3, (await socket.ReceiveJsonAsync("chat.message.accepted")).GetProperty("revision").GetInt64());
        }

        await socket.SendTextAsync("""{"type":"chat.pin","thread":1,"reply":1}""");
        var reply = await socket.ReceiveJsonAsync("chat.reply.updated");
        Assert.Equal((zoe.Id, 4), (reply.GetProperty("pinned_by").GetInt32(), reply.GetProperty("revision").GetInt64()));
        Assert.False(reply.TryGetProperty("edited_at", out _));
        await socket.SendTextAsync("""{"type":"chat.pins"}""");
        var listed = (await socket.ReceiveJsonAsync("chat.pins")).GetProperty("messages");
        Assert.Equal(["one", "root"], listed.EnumerateArray().Select(message => message.GetProperty("message").GetString()));
        await socket.SendTextAsync("""{"type":"chat.pin"}""");
        Assert.Equal("missing_field", (await socket.ReceiveJsonAsync("error")).GetProperty("code").GetString());

        // The hub
        var pinned = await hub.PinsAsync(room.Id);
        Assert.Equal([(1L, zoe.Id), (null, zoe.Id)], pinned.Select(message => (message.Reply, message.PinnedBy!.Value)));
        Assert.NotNull(pinned[0].PinnedAt);
        Assert.Equal(5, (await hub.PinReplyAsync(room.Id, 1, 1, isSet: false)).Revision);
        Assert.Equal(6, (await hub.PinAsync(room.Id, 1, isSet: false)).Revision);

        // Scripts
        var address = $"api/rooms/{room.Id}/messages/1/pin";
        foreach (var _ in new[] { 1, 2 })
            Assert.Equal(7, (await script.SendAsync(HttpMethod.Put, address)).Answer.GetProperty("revision").GetInt64());
        Assert.Equal(HttpStatusCode.OK, (await script.SendAsync(HttpMethod.Put, $"api/rooms/{room.Id}/threads/1/replies/1/pin")).Status);
        var (status, list) = await script.SendAsync(HttpMethod.Get, $"api/rooms/{room.Id}/pins");
        Assert.Equal((HttpStatusCode.OK, 2, bot.Id), (status, list.GetArrayLength(), list[0].GetProperty("pinned_by").GetInt32()));
        Assert.Equal(HttpStatusCode.OK, (await script.SendAsync(HttpMethod.Delete, address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await script.SendAsync(HttpMethod.Put, $"api/rooms/{room.Id}/messages/9/pin")).Status);
    }

    [Theory]
    [InlineData("chat.pins")]
    [InlineData("chat.threads")]
    public async Task Lists_beyond_the_limit_of_commands_are_refused_to_a_socket(string type)
    {
        using var zoe = await site.JoinAsync("Zoe");
        var room = await site.AddRoomAsync(site.Ada, zoe);
        await using var socket = await SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{room.Id}/chat/", zoe.Cookies);

        for (var i = 0; i < 150; i++)
            await socket.SendTextAsync($$"""{"type":"{{type}}"}""");

        Assert.Equal("rate_limited", (await socket.ReceiveJsonAsync("error")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Lists_beyond_the_limit_of_commands_are_refused_to_a_bot()
    {
        using var zoe = await site.JoinAsync("Zoe");
        var room = await site.AddRoomAsync(site.Ada, zoe);
        var bot = await site.AddBotAsync("Deployer", room);
        await using var hub = await HubPeer.ConnectAsync(site.Node.Address, bot.Key);
        using var script = new ScriptClient(site.Node.Address, bot.Key);

        var lists = Enumerable.Range(0, 150).Select(_ => hub.PinsAsync(room.Id)).ToArray();
        await Record.ExceptionAsync(() => Task.WhenAll(lists));
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => script.SendAsync(HttpMethod.Get, $"api/rooms/{room.Id}/pins")));

        Assert.Equal("rate_limited", (await HubPeer.RefusedAsync(() => lists.First(list => list.IsFaulted))).Code);
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.TooManyRequests);
    }
}
