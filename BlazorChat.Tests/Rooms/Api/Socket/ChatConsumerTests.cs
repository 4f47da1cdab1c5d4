using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using BlazorChat.Channels.Layer;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Api.Socket;

/// <summary>The chat's socket on a real node, as docs/protocol.md describes it.</summary>
public sealed class ChatConsumerTests(TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private readonly Node _node = site.Node;
    private readonly int _logged = site.Node.Log.Length;
    private Member _ada = default!;
    private Member _zoe = default!;
    private Room _room = default!;

    private string Address => $"ws/chat/{_room.Id}/chat/";

    public async ValueTask InitializeAsync()
    {
        _ada = await site.JoinAsync("Ada");
        _zoe = await site.JoinAsync("Zoe");
        _room = await site.AddRoomAsync(_ada, _zoe);
    }

    public ValueTask DisposeAsync()
    {
        _ada.Dispose();
        _zoe.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Messages_are_accepted_and_delivered_in_order()
    {
        await using var ada = await ConnectAsync(_ada);
        await using var zoe = await ConnectAsync(_zoe);
        var id = Guid.NewGuid();

        await ada.SendTextAsync($$"""{"type":"chat.message.send","client_message_id":"{{id}}","message":"Hello **Zoe**"}""");
        var accepted = await NextAsync(ada, "chat.message.accepted");
        var created = await NextAsync(zoe, "chat.message.created");
        await zoe.SendTextAsync("""{"message":"hi"}""");
        await NextAsync(zoe, "chat.message.accepted");

        Assert.Equal(id, accepted.GetProperty("client_message_id").GetGuid());
        Assert.Equal(1, accepted.GetProperty("sequence").GetInt64());
        Assert.Equal(id, created.GetProperty("client_message_id").GetGuid());
        Assert.Equal("Hello **Zoe**", created.GetProperty("message").GetString());
        Assert.Contains("<strong>Zoe</strong>", created.GetProperty("html").GetString(), StringComparison.Ordinal);
        Assert.Equal("Ada", created.GetProperty("author_name").GetString());
        Assert.Equal((_room.Id, 1), (created.GetProperty("room_id").GetInt32(), created.GetProperty("revision").GetInt64()));
    }

    [Fact]
    public async Task A_message_has_the_people_whom_it_mentions()
    {
        await using var ada = await ConnectAsync(_ada);
        var (adasHandle, handle) = (await site.HandleOfAsync(_ada.Id), await site.HandleOfAsync(_zoe.Id));

        await ada.SendTextAsync($$"""{"message":"@{{handle}}, @nobody"}""");
        var created = await NextAsync(ada, "chat.message.created");
        await ada.SendTextAsync("""{"message":"plain"}""");
        var plain = await NextAsync(ada, "chat.message.created");

        var mention = Assert.Single(created.GetProperty("mentions").EnumerateArray());
        Assert.Equal((_zoe.Id, handle, "Zoe"), (mention.GetProperty("user_id").GetInt32(), mention.GetProperty("handle").GetString(), mention.GetProperty("name").GetString()));
        Assert.Equal(adasHandle, created.GetProperty("author_handle").GetString());
        Assert.False(created.TryGetProperty("mentions_room", out _));
        Assert.False(plain.TryGetProperty("mentions", out _));
    }

    [Fact]
    public async Task A_repeated_send_is_accepted_again_and_stored_once()
    {
        await using var ada = await ConnectAsync(_ada);
        var frame = $$"""{"type":"chat.message.send","client_message_id":"{{Guid.NewGuid()}}","message":"once"}""";

        await ada.SendTextAsync(frame);
        await ada.SendTextAsync(frame);
        await ada.SendTextAsync("""{"message":"next"}""");
        var frames = new List<JsonElement>();
        while (frames.Count(f => Type(f) == "chat.message.accepted") < 3 || frames.Count(f => Type(f) == "chat.message.created") < 2)
            frames.Add(await ada.ReceiveJsonAsync());

        Assert.Equal([1, 1, 2], frames.Where(f => Type(f) == "chat.message.accepted").Select(f => f.GetProperty("sequence").GetInt64()));
        Assert.Equal([1, 2], frames.Where(f => Type(f) == "chat.message.created").Select(f => f.GetProperty("revision").GetInt64()));
    }

    [Fact]
    public async Task A_program_resumes_from_its_revision()
    {
        await using (var ada = await ConnectAsync(_ada))
        {
            for (var i = 1; i <= 40; i++)
            {
                await ada.SendTextAsync($$"""{"message":"message {{i}}"}""");
                await NextAsync(ada, "chat.message.accepted");
            }
        }

        await using var all = await ConnectAsync(_zoe, "?after=0");
        await using var rest = await ConnectAsync(_zoe, "?after=37");
        for (var i = 1; i <= 40; i++)
            Assert.Equal(i, (await NextAsync(all, "chat.message.created")).GetProperty("revision").GetInt64());
        for (var i = 38; i <= 40; i++)
            Assert.Equal(i, (await NextAsync(rest, "chat.message.created")).GetProperty("revision").GetInt64());
    }

    [Fact]
    public async Task A_malformed_frame_gets_an_error_and_the_socket_stays_open()
    {
        await using var ada = await ConnectAsync(_ada);
        foreach (var (frame, code) in new[]
        {
            ("not json", "malformed"),
            ("[1]", "malformed"),
            ("null", "malformed"),
            ("""{"message":7}""", "malformed"),
            ("""{"type":"chat.message.send","client_message_id":"x","message":"hi"}""", "malformed"),
            ("""{"type":"chat.message.edit","sequence":"x","message":"hi"}""", "malformed"),
            ("""{"type":"chat.message.send"}""", "missing_field"),
            ("""{"type":"chat.message.edit","message":"hi"}""", "missing_field"),
            ("""{"type":"chat.message.edit","sequence":1}""", "missing_field"),
            ("""{"type":"chat.message.delete"}""", "missing_field"),
            ("""{"type":"chat.read"}""", "missing_field"),
            ("""{"type":"chat.message.shout","message":"hi"}""", "unknown_command"),
            ("""{"message":"  "}""", "invalid"),
            ("""{"type":"chat.message.edit","sequence":99,"message":" "}""", "invalid"),
            ("""{"type":"chat.message.edit","sequence":99,"message":"hi"}""", "not_found"),
            ("""{"type":"chat.message.delete","sequence":-1}""", "not_found"),
        })
        {
            await ada.SendTextAsync(frame);
            var error = await ada.ReceiveJsonAsync();

            Assert.Equal((frame, "error", code), (frame, Type(error), error.GetProperty("code").GetString()));
            Assert.NotEmpty(error.GetProperty("message").GetString()!);
        }

        await ada.SendTextAsync("""{"message":"fine"}""");
        await NextAsync(ada, "chat.message.accepted");
        Assert.DoesNotContain("fail:", _node.Log[_logged..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edits_and_deletions_are_accepted_and_delivered()
    {
        await using var ada = await ConnectAsync(_ada);
        await using var zoe = await ConnectAsync(_zoe);
        await ada.SendTextAsync("""{"message":"frist"}""");
        await NextAsync(ada, "chat.message.accepted");

        await ada.SendTextAsync("""{"type":"chat.message.edit","sequence":1,"message":"*first*","and":"more"}""");
        var edited = await NextAsync(ada, "chat.message.accepted");
        var updated = await NextAsync(zoe, "chat.message.updated");
        await ada.SendTextAsync("""{"type":"chat.message.delete","sequence":1}""");
        var removed = await NextAsync(ada, "chat.message.accepted");
        var deleted = await NextAsync(zoe, "chat.message.deleted");

        Assert.Equal((1, 2), (edited.GetProperty("sequence").GetInt64(), edited.GetProperty("revision").GetInt64()));
        Assert.Equal((1, 3), (removed.GetProperty("sequence").GetInt64(), removed.GetProperty("revision").GetInt64()));
        Assert.Equal((1, 2), (updated.GetProperty("sequence").GetInt64(), updated.GetProperty("revision").GetInt64()));
        Assert.Equal("*first*", updated.GetProperty("message").GetString());
        Assert.Contains("<em>first</em>", updated.GetProperty("html").GetString(), StringComparison.Ordinal);
        Assert.Equal("Ada", updated.GetProperty("author_name").GetString());
        Assert.True(updated.GetProperty("edited_at").GetDateTime() >= updated.GetProperty("sent_at").GetDateTime());
        Assert.Equal((1, 3), (deleted.GetProperty("sequence").GetInt64(), deleted.GetProperty("revision").GetInt64()));
        Assert.Equal(("", ""), (deleted.GetProperty("message").GetString(), deleted.GetProperty("html").GetString()));
        Assert.True(deleted.GetProperty("deleted_at").GetDateTime() >= updated.GetProperty("edited_at").GetDateTime());
        Assert.False(deleted.TryGetProperty("attachments", out _));
    }

    [Fact]
    public async Task A_program_that_resumes_receives_the_current_messages()
    {
        await using var ada = await ConnectAsync(_ada);
        for (var i = 1; i <= 3; i++)
            await ada.SendTextAsync($$"""{"message":"message {{i}}"}""");
        await ada.SendTextAsync("""{"type":"chat.message.edit","sequence":1,"message":"another"}""");
        await ada.SendTextAsync("""{"type":"chat.message.delete","sequence":2}""");
        for (var i = 1; i <= 5; i++)
            await NextAsync(ada, "chat.message.accepted");

        // Another node has no changes in memory, so it reads the database.
        await using var node = await HostedNode.StartAsync(_node.DataFolder);
        await using var zoe = await SocketClient.ConnectAsync(node.Address, $"{Address}?after=0", _zoe.Cookies);
        var frames = new[] { await zoe.ReceiveJsonAsync(), await zoe.ReceiveJsonAsync(), await zoe.ReceiveJsonAsync() };

        Assert.Equal(
            [("chat.message.created", 3, 3), ("chat.message.updated", 1, 4), ("chat.message.deleted", 2, 5)],
            frames.Select(frame => (Type(frame), frame.GetProperty("sequence").GetInt32(), frame.GetProperty("revision").GetInt32())));
        Assert.Equal("another", frames[1].GetProperty("message").GetString());
    }

    [Fact]
    public async Task The_messages_of_others_cannot_be_edited_or_deleted()
    {
        await using var ada = await ConnectAsync(_ada);
        await using var zoe = await ConnectAsync(_zoe);
        await ada.SendTextAsync("""{"message":"hers"}""");
        await NextAsync(ada, "chat.message.accepted");

        await zoe.SendTextAsync("""{"type":"chat.message.edit","sequence":1,"message":"mine"}""");
        var edit = await NextAsync(zoe, "error");
        await zoe.SendTextAsync("""{"type":"chat.message.delete","sequence":1}""");
        var deletion = await NextAsync(zoe, "error");

        Assert.All([edit, deletion], error => Assert.Equal(
            ("forbidden", 1), (error.GetProperty("code").GetString(), error.GetProperty("sequence").GetInt64())));
    }

    [Fact]
    public async Task Read_positions_are_stored_and_typing_is_published_to_others()
    {
        await using var ada = await ConnectAsync(_ada);
        await using var zoe = await ConnectAsync(_zoe);
        await ada.SendTextAsync("""{"message":"one"}""");
        await NextAsync(zoe, "chat.message.created");

        await zoe.SendTextAsync("""{"type":"chat.read","sequence":99}""");
        await zoe.SendTextAsync("""{"type":"chat.typing"}""");
        var typing = await NextAsync(ada, "chat.typing");
        await zoe.SendTextAsync("""{"type":"chat.shout"}""");

        Assert.Equal((_zoe.Id, "Zoe"), (typing.GetProperty("user_id").GetInt32(), typing.GetProperty("name").GetString()));
        // A person does not receive their own typing, and neither command has an answer.
        Assert.Equal("unknown_command", (await zoe.ReceiveJsonAsync()).GetProperty("code").GetString());
        await using var database = new DirectDatabase(_node.DataFolder);
        Assert.Equal(1, database.Db.Memberships.Single(membership => membership.RoomId == _room.Id && membership.UserId == _zoe.Id).LastReadSequence);
    }

    [Fact]
    public async Task Messages_are_marked_as_unread_without_an_answer()
    {
        await using var ada = await ConnectAsync(_ada);
        await using var zoe = await ConnectAsync(_zoe);
        await ada.SendTextAsync("""{"message":"one"}""");
        await NextAsync(zoe, "chat.message.created");

        await zoe.SendTextAsync("""{"type":"chat.read","sequence":1}""");
        await zoe.SendTextAsync("""{"type":"chat.unread","sequence":1}""");
        await zoe.SendTextAsync("""{"type":"chat.unread","sequence":9}""");
        await zoe.SendTextAsync("""{"type":"chat.unread"}""");

        Assert.Equal("not_found", (await zoe.ReceiveJsonAsync()).GetProperty("code").GetString());
        Assert.Equal("missing_field", (await zoe.ReceiveJsonAsync()).GetProperty("code").GetString());
        await using var database = new DirectDatabase(_node.DataFolder);
        var membership = database.Db.Memberships.Single(membership => membership.RoomId == _room.Id && membership.UserId == _zoe.Id);
        Assert.Equal((1, 1), (membership.LastReadSequence, membership.UnreadFrom));
    }

    [Fact]
    public async Task All_commands_of_a_person_who_is_not_a_member_are_refused()
    {
        await using var zoe = await ConnectAsync(_zoe);
        await zoe.SendTextAsync("""{"message":"while a member"}""");
        await NextAsync(zoe, "chat.message.accepted");
        await using (var database = new DirectDatabase(_node.DataFolder))
            await database.Db.Memberships.Where(membership => membership.UserId == _zoe.Id).ExecuteDeleteAsync();

        foreach (var frame in new[]
        {
            """{"message":"hi"}""",
            """{"type":"chat.message.edit","sequence":1,"message":"hi"}""",
            """{"type":"chat.message.delete","sequence":1}""",
            """{"type":"chat.read","sequence":1}""",
            """{"type":"chat.typing"}""",
        })
        {
            await zoe.SendTextAsync(frame);
            Assert.Equal((frame, "forbidden"), (frame, (await NextAsync(zoe, "error")).GetProperty("code").GetString()));
        }
    }

    [Fact]
    public async Task Commands_beyond_the_limit_are_refused()
    {
        await using var ada = await ConnectAsync(_ada);

        for (var i = 0; i < 200; i++)
            await ada.SendTextAsync("""{"message":"flood"}""");

        var error = await NextAsync(ada, "error");
        Assert.Equal(("rate_limited", 1), (error.GetProperty("code").GetString(), error.GetProperty("retry_after").GetInt32()));
    }

    [Fact]
    public async Task B6_A_revision_beyond_the_newest_follows_from_now()
    {
        await using var ada = await ConnectAsync(_ada);
        await ada.SendTextAsync("""{"message":"before"}""");
        await NextAsync(ada, "chat.message.accepted");
        await using var zoe = await SocketClient.ConnectAsync(_node.Address, $"{Address}?after=999999", _zoe.Cookies);

        // The start of the follow is not visible from outside, so messages are sent until one arrives.
        var created = NextAsync(zoe, "chat.message.created");
        for (var i = 0; i < 40 && !created.IsCompleted; i++)
        {
            await ada.SendTextAsync("""{"message":"after"}""");
            await Task.WhenAny(created, Task.Delay(TimeSpan.FromMilliseconds(200)));
        }

        Assert.Equal("after", (await created).GetProperty("message").GetString());
    }

    [Fact]
    public async Task B7_An_id_of_zeros_is_invalid_and_a_used_id_is_a_conflict()
    {
        await using var ada = await ConnectAsync(_ada);
        var id = Guid.NewGuid();
        await SendAsync(Guid.Empty, "first");
        Assert.Equal("invalid", (await NextAsync(ada, "error")).GetProperty("code").GetString());
        await SendAsync(id, "first");
        await NextAsync(ada, "chat.message.accepted");
        await SendAsync(id, "second");
        var conflict = await NextAsync(ada, "error");

        Assert.Equal(("conflict", id), (conflict.GetProperty("code").GetString(), conflict.GetProperty("client_message_id").GetGuid()));

        Task SendAsync(Guid clientMessageId, string text) =>
            ada.SendTextAsync($$"""{"client_message_id":"{{clientMessageId}}","message":"{{text}}"}""");
    }

    [Fact]
    public async Task A_connection_without_the_right_is_refused_with_a_status()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.StatusAsync(_node.Address, Address));
        Assert.Equal(HttpStatusCode.NotFound, await SocketClient.StatusAsync(_node.Address, "ws/chat/abc/chat/", _ada.Cookies));
        Assert.Equal(HttpStatusCode.NotFound, await SocketClient.StatusAsync(_node.Address, "ws/chat/999/chat/", _ada.Cookies));
        Assert.Equal(HttpStatusCode.BadRequest, await SocketClient.StatusAsync(_node.Address, $"{Address}?after=x", _ada.Cookies));
        Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.StatusAsync(_node.Address, Address, _ada.Cookies, "http://evil.example"));
    }

    [Fact]
    public async Task A_socket_is_closed_when_its_user_loses_access_to_the_room()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await HostedNode.StartAsync(null, $"ConnectionStrings:Redis={redis.ConnectionString}");
        using var ada = new FormClient(node.Address);
        using var zoe = new FormClient(node.Address);
        using var joined = await zoe.JoinAsync(await ada.SetUpAsync(), "Zoe");
        await using var other = await TestDatabase.JoinAsync(node.DataFolder, redis.ConnectionString);
        var members = other.Services.GetRequiredService<RoomMembers>();
        var owner = TestDatabase.SignIn(1, "Ada");
        var room = await other.Rooms.CreateAsync(owner, "Secret", RoomKind.Private, default);
        await members.AddAsync(owner, room.Id, 2, default);
        await using var socket = await SocketClient.ConnectAsync(node.Address, $"ws/chat/{room.Id}/chat/", zoe.Cookies);

        await members.RemoveAsync(owner, room.Id, 2, default);

        Assert.Equal((1008, "You no longer have access to this room."), await socket.ClosedWithAsync());
        Assert.Equal(HttpStatusCode.NotFound, await SocketClient.StatusAsync(node.Address, $"ws/chat/{room.Id}/chat/", zoe.Cookies));
    }

    [Fact]
    public async Task A_socket_is_sent_the_settings_of_its_room_and_ends_when_the_room_is_deleted()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await HostedNode.StartAsync(null, $"ConnectionStrings:Redis={redis.ConnectionString}");
        using var ada = new FormClient(node.Address);
        using var zoe = new FormClient(node.Address);
        using var joined = await zoe.JoinAsync(await ada.SetUpAsync(), "Zoe");
        await using var other = await TestDatabase.JoinAsync(node.DataFolder, redis.ConnectionString);
        var owner = TestDatabase.SignIn(1, "Ada");
        var room = await other.Rooms.CreateAsync(owner, "Launch", RoomKind.Private, default);
        await other.Services.GetRequiredService<RoomMembers>().AddAsync(owner, room.Id, 2, default);
        await using var socket = await SocketClient.ConnectAsync(node.Address, $"ws/chat/{room.Id}/chat/", zoe.Cookies);

        await other.RoomSettings.ChangeAsync(owner, room.Id, new RoomEdit(Topic: "Lift-off", Description: "All of it", OnlyOwnersMentionRoom: true), default);
        var changed = await NextAsync(socket, "chat.room.changed");
        Assert.Equal(
            ($"{room.Id}", "Launch", "True", "Lift-off", "All of it", "False", "1"),
            (Field("room_id"), Field("name"), Field("is_private"), Field("topic"), Field("description"), Field("is_archived"), Field("version")));
        Assert.Equal("True", Field("only_owners_mention_room"));

        // This change has no event.
        await using (var database = new DirectDatabase(node.DataFolder))
        {
            await database.Db.Rooms.Where(known => known.Id == room.Id).ExecuteUpdateAsync(
                known => known.SetProperty(r => r.Topic, "Landing").SetProperty(r => r.Version, 2));
        }

        await redis.KillAsync();
        await redis.StartAgainAsync();
        Assert.Equal("Landing", (await NextAsync(socket, "chat.room.changed")).GetProperty("topic").GetString());
        await other.Layer.WaitForStateAsync(LayerState.Connected);

        await other.RoomLifecycle.ArchiveAsync(owner, room.Id, default);
        Assert.True((await NextAsync(socket, "chat.room.changed")).GetProperty("is_archived").GetBoolean());
        foreach (var frame in new[] { """{"message":"hi"}""", """{"type":"chat.message.edit","sequence":1,"message":"hi"}""", """{"type":"chat.typing"}""" })
        {
            await socket.SendTextAsync(frame);
            Assert.Equal((frame, "archived"), (frame, (await NextAsync(socket, "error")).GetProperty("code").GetString()));
        }

        await other.RoomLifecycle.DeleteAsync(owner, room.Id, default);
        Assert.Equal((1008, "You no longer have access to this room."), await socket.ClosedWithAsync());
        Assert.Equal(HttpStatusCode.NotFound, await SocketClient.StatusAsync(node.Address, $"ws/chat/{room.Id}/chat/", zoe.Cookies));

        string Field(string name) => $"{changed.GetProperty(name)}";
    }

    [Fact]
    public async Task A_socket_lists_what_is_unread_in_its_room_and_the_mentions_of_its_person()
    {
        await using var ada = await ConnectAsync(_ada);
        await using var zoe = await ConnectAsync(_zoe);
        foreach (var text in new[] { "one", $"@{await site.HandleOfAsync(_zoe.Id)} two", "@room three" })
        {
            await ada.SendTextAsync(JsonSerializer.Serialize(new { message = text }));
            await NextAsync(ada, "chat.message.accepted");
        }

        await zoe.SendTextAsync("""{"type":"chat.room"}""");
        var room = (await NextAsync(zoe, "chat.room")).GetProperty("room");
        await zoe.SendTextAsync("""{"type":"chat.mentions"}""");
        var mentions = (await NextAsync(zoe, "chat.mentions")).GetProperty("mentions").EnumerateArray().ToArray();
        await zoe.SendTextAsync($$"""{"type":"chat.mentions","before":{{mentions[0].GetProperty("id")}}}""");
        var earlier = Assert.Single((await NextAsync(zoe, "chat.mentions")).GetProperty("mentions").EnumerateArray());

        Assert.Equal(
            (_room.Id, 3, 2, "open", "mentions"),
            (Number(room, "id"), Number(room, "unread"), Number(room, "mentions"), $"{room.GetProperty("kind")}", $"{room.GetProperty("level")}"));
        Assert.Equal([3, 2], mentions.Select(mention => Number(mention.GetProperty("message"), "sequence")));
        Assert.Equal([true, false], mentions.Select(mention => mention.GetProperty("is_for_room").GetBoolean()));
        Assert.Equal(2, Number(earlier.GetProperty("message"), "sequence"));

        static int Number(JsonElement frame, string name) => frame.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task A_binary_message_closes_with_1003()
    {
        await using var ada = await ConnectAsync(_ada);

        await ada.SendAsync([1, 2, 3], WebSocketMessageType.Binary);

        Assert.Equal(1003, (await ada.ClosedWithAsync()).Code);
    }

    private Task<SocketClient> ConnectAsync(FormClient visitor, string query = "") =>
        SocketClient.ConnectAsync(_node.Address, Address + query, visitor.Cookies);

    private static string? Type(JsonElement frame) => frame.GetProperty("type").GetString();

    private static async Task<JsonElement> NextAsync(SocketClient socket, string type)
    {
        while (true)
        {
            var frame = await socket.ReceiveJsonAsync();
            if (Type(frame) == type)
                return frame;
        }
    }
}
