using System.Net;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Api;

namespace BlazorChat.Tests.Rooms.Api;

/// <summary>Reactions for programs, as docs/protocol.md describes them: the socket, the hub and the addresses for scripts.</summary>
public sealed class ReactionApiTests(TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Member _zoe = default!;
    private Room _room = default!;
    private BotAccount _bot = default!;

    public async ValueTask InitializeAsync()
    {
        _zoe = await site.JoinAsync("Zoe");
        _room = await site.AddRoomAsync(site.Ada, _zoe);
        _bot = await site.AddBotAsync("Deployer", _room);
    }

    public ValueTask DisposeAsync()
    {
        _zoe.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_socket_reacts_to_messages_and_replies_and_receives_the_messages_with_their_reactions()
    {
        await using var socket = await ConnectAsync();
        await socket.SendTextAsync("""{"message":"root"}""");
        var created = await socket.ReceiveJsonAsync("chat.message.created");
        await socket.SendTextAsync("""{"thread":1,"message":"one"}""");
        await socket.ReceiveJsonAsync("chat.reply.created");

        await socket.SendTextAsync("""{"type":"chat.react","sequence":1,"emoji":"❤"}""");
        var updated = await socket.ReceiveJsonAsync("chat.message.updated");
        await socket.SendTextAsync("""{"type":"chat.react","thread":1,"reply":1,"emoji":"👍"}""");
        var reply = await socket.ReceiveJsonAsync("chat.reply.updated");
        await socket.SendTextAsync("""{"type":"chat.unreact","sequence":1,"emoji":"❤️"}""");
        var without = await socket.ReceiveJsonAsync("chat.message.updated");

        Assert.False(created.TryGetProperty("reactions", out _));
        var reaction = Assert.Single(updated.GetProperty("reactions").EnumerateArray());
        Assert.Equal(("❤️", 1), (reaction.GetProperty("emoji").GetString(), reaction.GetProperty("count").GetInt32()));
        Assert.Equal([_zoe.Id], reaction.GetProperty("people").EnumerateArray().Select(id => id.GetInt32()));
        Assert.Equal((1, 3), (updated.GetProperty("sequence").GetInt64(), updated.GetProperty("revision").GetInt64()));
        Assert.False(updated.TryGetProperty("edited_at", out _));
        Assert.Equal((1, 1), (reply.GetProperty("reply").GetInt64(), reply.GetProperty("reactions").GetArrayLength()));
        Assert.False(without.TryGetProperty("reactions", out _));
    }

    [Fact]
    public async Task A_socket_gets_answers_and_refusals()
    {
        await using var socket = await ConnectAsync();
        await socket.SendTextAsync("""{"message":"root"}""");
        await socket.ReceiveJsonAsync("chat.message.accepted");

        foreach (var revision in new[] { 2, 2 })
        {
            await socket.SendTextAsync("""{"type":"chat.react","sequence":1,"emoji":"👍"}""");
            var accepted = await socket.ReceiveJsonAsync("chat.message.accepted");
            Assert.Equal((1, revision), (accepted.GetProperty("sequence").GetInt64(), accepted.GetProperty("revision").GetInt64()));
        }

        foreach (var (command, code) in new[]
        {
            ("""{"type":"chat.react","sequence":1}""", "missing_field"),
            ("""{"type":"chat.react","emoji":"👍"}""", "missing_field"),
            ("""{"type":"chat.react","sequence":1,"emoji":"nice"}""", "invalid"),
            ("""{"type":"chat.unreact","sequence":9,"emoji":"👍"}""", "not_found"),
            ("""{"type":"chat.react","thread":1,"reply":9,"emoji":"👍"}""", "not_found"),
        })
        {
            await socket.SendTextAsync(command);
            Assert.Equal(code, (await socket.ReceiveJsonAsync("error")).GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task A_program_on_the_hub_reacts_and_follows_reactions()
    {
        await using var bot = await HubPeer.ConnectAsync(site.Node.Address, _bot.Key);
        await using var zoe = await HubPeer.ConnectAsync(site.Node.Address, _zoe.Cookies);
        await bot.SendAsync(_room.Id, "root");
        await bot.ReplyAsync(_room.Id, 1, "one");
        await using var room = bot.Follow(_room.Id, 2);

        var receipt = await zoe.ReactAsync(_room.Id, 1, "🎉");
        var change = await room.NextAsync();
        Assert.Equal((1, 3), (receipt.Sequence, receipt.Revision));
        Assert.Equal((ChatMessage.Updated, 3), (change.Type, change.Revision));
        Assert.Equal(("🎉", 1, _zoe.Id), (change.Reactions![0].Emoji, change.Reactions[0].Count, change.Reactions[0].People[0]));
        await zoe.ReactToReplyAsync(_room.Id, 1, 1, "🎉");
        Assert.Equal(ChatMessage.ReplyUpdated, (await room.NextAsync()).Type);
        await zoe.ReactAsync(_room.Id, 1, "🎉", isSet: false);
        Assert.Null((await room.NextAsync()).Reactions);
        Assert.Equal("invalid", (await HubPeer.RefusedAsync(() => zoe.ReactAsync(_room.Id, 1, "no"))).Code);
    }

    [Fact]
    public async Task A_script_reacts_by_requests_that_can_be_repeated()
    {
        using var script = new ScriptClient(site.Node.Address, _bot.Key);
        await script.PostAsync(_room.Id, new { message = "root" });
        await script.PostAsync(_room.Id, new { message = "one", thread = 1 });
        await using var socket = await ConnectAsync("?after=2");
        var address = $"api/rooms/{_room.Id}/messages/1/reactions/{Uri.EscapeDataString("❤️")}";

        foreach (var revision in new[] { 3, 3 })
        {
            var (status, answer) = await script.SendAsync(HttpMethod.Put, address);
            Assert.Equal((HttpStatusCode.OK, revision), (status, answer.GetProperty("revision").GetInt64()));
        }

        Assert.Equal(1, (await socket.ReceiveJsonAsync("chat.message.updated")).GetProperty("reactions")[0].GetProperty("count").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await script.SendAsync(HttpMethod.Put, $"api/rooms/{_room.Id}/threads/1/replies/1/reactions/{Uri.EscapeDataString("👍")}")).Status);
        Assert.Equal(1, (await socket.ReceiveJsonAsync("chat.reply.updated")).GetProperty("reactions").GetArrayLength());
        Assert.Equal(HttpStatusCode.OK, (await script.SendAsync(HttpMethod.Delete, address)).Status);
        Assert.False((await socket.ReceiveJsonAsync("chat.message.updated")).TryGetProperty("reactions", out _));
        var (refused, error) = await script.SendAsync(HttpMethod.Put, $"api/rooms/{_room.Id}/messages/1/reactions/nice");
        Assert.Equal((HttpStatusCode.BadRequest, "invalid"), (refused, error.GetProperty("code").GetString()));
    }

    private Task<SocketClient> ConnectAsync(string query = "") =>
        SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{_room.Id}/chat/{query}", _zoe.Cookies);
}
