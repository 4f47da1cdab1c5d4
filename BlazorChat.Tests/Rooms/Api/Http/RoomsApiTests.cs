using System.Net;
using System.Text.Json;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Tests.Rooms.Api.Http;

/// <summary>The endpoints with which scripts list rooms and mentions and mark messages as read, as docs/protocol.md describes them.</summary>
public sealed class RoomsApiTests(TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Member _zoe = default!;
    private Room _room = default!;
    private BotAccount _bot = default!;
    private ScriptClient _script = default!;
    private HubPeer _hub = default!;

    public async ValueTask InitializeAsync()
    {
        _zoe = await site.JoinAsync("Zoe");
        _room = await site.AddRoomAsync(RoomKind.Private, site.Ada, _zoe);
        _bot = await site.AddBotAsync("Deployer", _room);
        _script = new ScriptClient(site.Node.Address, _bot.Key);
        _hub = await HubPeer.ConnectAsync(site.Node.Address, _zoe.Cookies);
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _script.Dispose();
        _zoe.Dispose();
    }

    [Fact]
    public async Task A_bot_lists_its_rooms_with_what_is_unread()
    {
        await _hub.SendAsync(_room.Id, "one");
        await _hub.SendAsync(_room.Id, $"@{await site.HandleOfAsync(_bot.Id)} two");
        var direct = await _hub.OpenDirectAsync(_bot.Id);
        await _hub.SendAsync(direct, "hello");

        var rooms = (await GetAsync("api/rooms")).ToDictionary(room => room.GetProperty("id").GetInt32());

        Assert.Equal([1, _room.Id, direct], rooms.Keys.Order());
        Assert.Equal(
            ("private", 2, 1, "mentions"),
            (Text(rooms[_room.Id], "kind"), Number(rooms[_room.Id], "unread"), Number(rooms[_room.Id], "mentions"), Text(rooms[_room.Id], "level")));
        Assert.Equal(("direct", 1, _zoe.Name), (Text(rooms[direct], "kind"), Number(rooms[direct], "unread"), Text(rooms[direct], "name")));
        var person = Assert.Single(rooms[direct].GetProperty("people").EnumerateArray());
        Assert.Equal((_zoe.Id, await site.HandleOfAsync(_zoe.Id), _zoe.Name), (Number(person, "user_id"), Text(person, "handle"), Text(person, "name")));
    }

    [Fact]
    public async Task A_bot_lists_its_mentions_by_pages()
    {
        var handle = await site.HandleOfAsync(_bot.Id);
        for (var i = 0; i < 3; i++)
            await _hub.SendAsync(_room.Id, $"@{handle} {i}");

        var all = await GetAsync("api/mentions");
        var rest = await GetAsync($"api/mentions?before={Number(all[0], "id")}");

        Assert.Equal([3, 2, 1], all.Select(mention => Number(mention.GetProperty("message"), "sequence")));
        Assert.Equal([2, 1], rest.Select(mention => Number(mention.GetProperty("message"), "sequence")));
        Assert.Equal((_room.Name, false), (Text(all[0], "room_name"), all[0].GetProperty("is_for_room").GetBoolean()));
        Assert.Equal(HttpStatusCode.BadRequest, await _script.StatusAsync("api/mentions?before=yesterday"));
    }

    [Fact]
    public async Task A_bot_marks_messages_as_read_and_as_unread()
    {
        for (var i = 0; i < 3; i++)
            await _hub.SendAsync(_room.Id, $"{i}");

        Assert.Equal(HttpStatusCode.NoContent, await MarkAsync("read", new { sequence = 3 }));
        Assert.Equal(0, Number(await RoomAsync(), "unread"));
        Assert.Equal(HttpStatusCode.NoContent, await MarkAsync("unread", new { sequence = 2 }));
        Assert.Equal((2, 2), (Number(await RoomAsync(), "unread"), Number(await RoomAsync(), "unread_from")));
        Assert.Equal(HttpStatusCode.BadRequest, await MarkAsync("read", new { }));
        Assert.Equal(HttpStatusCode.NotFound, await MarkAsync("unread", new { sequence = 9 }));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private Task<HttpStatusCode> MarkAsync(string mark, object body) => _script.PostStatusAsync($"api/rooms/{_room.Id}/{mark}", body);

    private async Task<JsonElement> RoomAsync() => (await GetAsync("api/rooms")).Single(room => Number(room, "id") == _room.Id);

    private async Task<JsonElement[]> GetAsync(string path)
    {
        using var response = await _script.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return [.. (await response.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray()];
    }
}
