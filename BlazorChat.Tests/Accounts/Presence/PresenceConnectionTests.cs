using BlazorChat.Accounts.Presence;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Accounts.Presence;

/// <summary>What counts as a connection, as another node sees it.</summary>
public sealed class PresenceConnectionTests(PresenceConnectionTests.Site site) : IClassFixture<PresenceConnectionTests.Site>
{
    [Fact]
    public async Task An_open_page_is_a_connection_until_its_browser_is_gone()
    {
        var zoe = await site.JoinAsync("Zoe");
        var room = await site.AddRoomAsync(zoe);
        await using (await HeadlessCircuit.OpenAsync(zoe, $"rooms/{room.Id}", _ => { }))
        {
            await site.Presence.UntilAsync(zoe.Id, PresenceState.Online);
            await site.Presence.UntilAsync(presence => presence.IsWatching(zoe.Id, room.Id));
        }

        // The circuit itself waits for its browser for some minutes.
        await site.Presence.UntilAsync(presence => !presence.IsWatching(zoe.Id, room.Id));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_socket_and_a_connection_to_the_hub_are_connections_of_people_and_bots()
    {
        var zoe = await site.JoinAsync("Zoe");
        var room = await site.AddRoomAsync(zoe);
        var bot = await site.AddBotAsync("Herald");
        await using var socket = await SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{room.Id}/chat/", zoe.Cookies);
        await using var peer = await HubPeer.ConnectAsync(site.Node.Address, bot.Key);

        await site.Presence.UntilAsync(zoe.Id, PresenceState.Online);
        await site.Presence.UntilAsync(bot.Id, PresenceState.Online);
        await socket.CloseAsync();
        await peer.DisposeAsync();

        await site.Presence.UntilAsync(zoe.Id, PresenceState.Offline);
        await site.Presence.UntilAsync(bot.Id, PresenceState.Offline);
    }

    [Fact]
    public async Task Programs_list_who_of_a_room_is_connected_and_set_their_status()
    {
        var (zoe, eve) = (await site.JoinAsync("Zoe"), await site.JoinAsync("Eve"));
        var room = await site.AddRoomAsync(zoe, eve);
        var bot = await site.AddBotAsync("Herald", room);
        await using var peer = await HubPeer.ConnectAsync(site.Node.Address, bot.Key);
        await using var socket = await SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{room.Id}/chat/", zoe.Cookies);
        await peer.SetStatusAsync("🤖", "Reading the news", null);

        var people = await peer.PresenceAsync(room.Id);

        Assert.Equal(
            [new(zoe.Id, "online", "", "", null), new(bot.Id, "online", "🤖", "Reading the news", null)], people);
        await socket.SendTextAsync("""{"type":"chat.presence"}""");
        var frame = await socket.ReceiveJsonAsync("chat.presence");
        Assert.Equal([zoe.Id, bot.Id], frame.GetProperty("people").EnumerateArray().Select(person => person.GetProperty("user_id").GetInt32()));
        using var script = new ScriptClient(site.Node.Address, bot.Key);
        using var response = await script.GetAsync($"api/rooms/{room.Id}/presence");
        var answer = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("Reading the news", answer[1].GetProperty("status_text").GetString());
        await peer.SetStatusAsync("", "", null);
        Assert.Equal("", (await peer.PresenceAsync(room.Id))[1].StatusText);
    }

    [Fact]
    public async Task Programs_receive_changes_on_another_node_but_not_of_people_with_whom_they_share_no_room()
    {
        var (zoe, eve, kim) = (await site.JoinAsync("Zoe"), await site.JoinAsync("Eve"), await site.JoinAsync("Kim"));
        var (room, other) = (await site.AddRoomAsync(zoe, eve), await site.AddRoomAsync(kim, site.Ada));
        var bot = await site.AddBotAsync("Herald", room);
        await using (var database = new DirectDatabase(site.Node.DataFolder))
        {
            // Everybody is a member of General, also the people of other tests who are still online.
            await database.Db.Memberships
                .Where(member => (member.UserId == kim.Id && member.RoomId != other.Id) || (member.UserId == bot.Id && member.RoomId != room.Id))
                .ExecuteDeleteAsync();
        }

        await using var peer = await HubPeer.ConnectAsync(site.Node.Address, bot.Key);
        await using var socket = await SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{room.Id}/chat/", zoe.Cookies);
        await using var outsider = await SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{other.Id}/chat/", zoe.Cookies);
        await site.Presence.UntilAsync(zoe.Id, PresenceState.Online);
        await using var follow = peer.FollowPresence();
        var list = await follow.NextAsync();
        await socket.SendTextAsync("""{"type":"chat.presence.follow"}""");
        await outsider.SendTextAsync("""{"type":"chat.presence.follow"}""");
        Assert.True(list.IsComplete);
        Assert.Equal([zoe.Id, bot.Id], list.People.Select(person => person.UserId));
        Assert.Equal([zoe.Id, bot.Id], IdsOf(await socket.ReceiveJsonAsync("chat.presence")));
        Assert.Equal("forbidden", (await outsider.ReceiveJsonAsync("error")).GetProperty("code").GetString());

        using (site.Presence.Here.Open(kim.Id, isBot: false, isActive: true))
        {
            using (site.Presence.Here.Open(eve.Id, isBot: false, isActive: true))
            {
                Assert.Equal([new(eve.Id, "online", "", "", null)], (await follow.NextAsync()).People);
                Assert.Equal([eve.Id], IdsOf(await socket.ReceiveJsonAsync("chat.presence.changed")));
            }

            await peer.SetStatusAsync("🤖", "", null);
            Assert.Equal([new(bot.Id, "online", "🤖", "", null)], (await follow.NextAsync()).People);
            Assert.Equal([bot.Id], IdsOf(await socket.ReceiveJsonAsync("chat.presence.changed")));
        }
    }

    private static int[] IdsOf(System.Text.Json.JsonElement frame) =>
        [.. frame.GetProperty("people").EnumerateArray().Select(person => person.GetProperty("user_id").GetInt32())];

    public sealed class Site : TestSite
    {
        private RedisServer _redis = default!;
        private TestDatabase _other = default!;

        /// <summary>The directory of another node.</summary>
        internal PresenceDirectory Presence => _other.Presence;

        protected override string[] Settings => [$"ConnectionStrings:Redis={_redis.ConnectionString}"];

        public override async ValueTask InitializeAsync()
        {
            _redis = await RedisServer.StartAsync();
            await base.InitializeAsync();
            _other = await TestDatabase.JoinAsync(Node.DataFolder, _redis.ConnectionString);
        }

        public override async ValueTask DisposeAsync()
        {
            await _other.DisposeAsync();
            await base.DisposeAsync();
            await _redis.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }
}
