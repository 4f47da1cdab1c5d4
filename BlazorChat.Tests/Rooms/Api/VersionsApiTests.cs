using System.Text.Json;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Tests.Rooms.Api;

/// <summary>The earlier texts of edited messages for programs, as docs/protocol.md describes them: the socket, the hub and the addresses for scripts.</summary>
public sealed class VersionsApiTests(TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _room = default!;
    private BotAccount _bot = default!;

    public async ValueTask InitializeAsync()
    {
        _room = await site.AddRoomAsync(site.Ada);
        _bot = await site.AddBotAsync("Reader", _room);
        await using var hub = await HubPeer.ConnectAsync(site.Node.Address, _bot.Key);
        await hub.SendAsync(_room.Id, "one");
        await hub.EditAsync(_room.Id, 1, "two");
        await hub.EditAsync(_room.Id, 1, "three");
        await hub.ReplyAsync(_room.Id, 1, "eins");
        await hub.EditReplyAsync(_room.Id, 1, 1, "zwei");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_hub_answers_with_the_texts()
    {
        await using var hub = await HubPeer.ConnectAsync(site.Node.Address, _bot.Key);

        Assert.Equal([(3, "two"), (2, "one")], (await hub.VersionsAsync(_room.Id, 1)).Select(version => (version.Revision, version.Message)));
        Assert.Equal([(2, "one")], (await hub.VersionsAsync(_room.Id, 1, before: 3)).Select(version => (version.Revision, version.Message)));
        Assert.Equal([(5, "eins")], (await hub.ReplyVersionsAsync(_room.Id, 1, 1)).Select(version => (version.Revision, version.Message)));
    }

    [Fact]
    public async Task A_socket_answers_with_the_texts()
    {
        await using var socket = await SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{_room.Id}/chat/", key: _bot.Key);

        await socket.SendTextAsync("""{"type":"chat.versions","sequence":1,"before":3}""");
        var ofMessage = await socket.ReceiveJsonAsync("chat.versions");
        await socket.SendTextAsync("""{"type":"chat.versions","thread":1,"reply":1}""");
        var ofReply = await socket.ReceiveJsonAsync("chat.versions");
        await socket.SendTextAsync("""{"type":"chat.versions","thread":1}""");
        var refused = await socket.ReceiveJsonAsync("error");

        Assert.Equal((1, "one"), (ofMessage.GetProperty("sequence").GetInt64(), Text(ofMessage.GetProperty("versions"))));
        Assert.Equal((1, 1, "eins"), (ofReply.GetProperty("thread").GetInt64(), ofReply.GetProperty("reply").GetInt64(), Text(ofReply.GetProperty("versions"))));
        Assert.Equal("missing_field", refused.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_script_reads_the_texts()
    {
        using var script = new ScriptClient(site.Node.Address, _bot.Key);

        Assert.Equal("one", Text(await ReadAsync(script, $"api/rooms/{_room.Id}/messages/1/versions?before=3")));
        Assert.Equal("eins", Text(await ReadAsync(script, $"api/rooms/{_room.Id}/threads/1/1/versions")));
    }

    private static async Task<JsonElement> ReadAsync(ScriptClient script, string path)
    {
        using var response = await script.GetAsync(path);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static string? Text(JsonElement versions) => Assert.Single(versions.EnumerateArray()).GetProperty("message").GetString();
}
