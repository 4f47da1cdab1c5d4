using System.Net;
using System.Text.Json;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Api;
using BlazorChat.Rooms.Api.Hub;

namespace BlazorChat.Tests.Rooms.Api;

/// <summary>Threads for programs, as docs/protocol.md describes them: the socket, the hub and the addresses for scripts.</summary>
public sealed class ThreadApiTests(TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
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
    public async Task A_socket_replies_edits_and_deletes_in_a_thread()
    {
        await using var socket = await ConnectAsync();
        await socket.SendTextAsync("""{"message":"root"}""");
        await socket.ReceiveJsonAsync("chat.message.created");

        await socket.SendTextAsync("""{"type":"chat.message.send","thread":1,"message":"one"}""");
        var created = await socket.ReceiveJsonAsync("chat.reply.created");
        await socket.SendTextAsync("""{"thread":1,"message":"two","also_in_room":true}""");
        var shown = await socket.ReceiveJsonAsync("chat.message.created");
        await socket.SendTextAsync("""{"type":"chat.message.edit","thread":1,"reply":1,"message":"eins"}""");
        var updated = await socket.ReceiveJsonAsync("chat.reply.updated");
        await socket.SendTextAsync("""{"type":"chat.message.delete","thread":1,"reply":1}""");
        var deleted = await socket.ReceiveJsonAsync("chat.reply.deleted");
        await socket.SendTextAsync("""{"type":"chat.message.delete","thread":1,"reply":9}""");
        var refused = await socket.ReceiveJsonAsync("error");

        Assert.Equal((0, 2, 1, 1), Numbers(created));
        Assert.Equal((2, 3, 1, 2), Numbers(shown));
        Assert.Equal((0, 4, 1, 1), Numbers(updated));
        Assert.Equal("eins", updated.GetProperty("message").GetString());
        Assert.Equal((0, 5, 1, 1), Numbers(deleted));
        Assert.Equal("", deleted.GetProperty("message").GetString());
        Assert.Equal(("not_found", 1, 9), (refused.GetProperty("code").GetString(), refused.GetProperty("thread").GetInt64(), refused.GetProperty("reply").GetInt64()));
    }

    [Fact]
    public async Task A_socket_that_connects_later_receives_the_room_and_its_threads_by_revision()
    {
        await using (var writer = await ConnectAsync())
        {
            await writer.SendTextAsync("""{"message":"root"}""");
            await writer.SendTextAsync("""{"thread":1,"message":"one"}""");
            await writer.SendTextAsync("""{"message":"other"}""");
            await writer.ReceiveJsonAsync("chat.message.accepted");
            Assert.Equal(1, (await writer.ReceiveJsonAsync("chat.message.accepted")).GetProperty("reply").GetInt64());
            await writer.ReceiveJsonAsync("chat.message.accepted");
        }

        await using var reader = await ConnectAsync("?after=0");
        var root = await reader.ReceiveJsonAsync();
        var reply = await reader.ReceiveJsonAsync();
        var other = await reader.ReceiveJsonAsync();

        Assert.Equal(("chat.message.created", 1), (root.GetProperty("type").GetString(), root.GetProperty("sequence").GetInt64()));
        Assert.Equal(("chat.reply.created", "one"), (reply.GetProperty("type").GetString(), reply.GetProperty("message").GetString()));
        Assert.Equal(("chat.message.created", 2), (other.GetProperty("type").GetString(), other.GetProperty("sequence").GetInt64()));
        Assert.False(other.TryGetProperty("replies", out _) || other.TryGetProperty("thread", out _));
    }

    [Fact]
    public async Task A_socket_lists_its_threads_and_marks_one_as_read()
    {
        await using var bot = await HubPeer.ConnectAsync(site.Node.Address, _bot.Key);
        await bot.SendAsync(_room.Id, "root");
        await bot.ReplyAsync(_room.Id, 1, "one");
        await using var socket = await ConnectAsync();

        await socket.SendTextAsync("""{"type":"chat.thread.follow","thread":1}""");
        Assert.Equal(0, await UnreadAsync(socket));
        await bot.ReplyAsync(_room.Id, 1, "two");
        Assert.Equal(1, await UnreadAsync(socket));
        await socket.SendTextAsync("""{"type":"chat.read","thread":1,"reply":2}""");
        Assert.Equal(0, await UnreadAsync(socket));
        await socket.SendTextAsync("""{"type":"chat.thread.unfollow","thread":1}""");
        Assert.Null(await UnreadAsync(socket));
        await socket.SendTextAsync("""{"type":"chat.thread.follow"}""");
        Assert.Equal("missing_field", (await socket.ReceiveJsonAsync("error")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_program_on_the_hub_replies_and_follows_what_others_reply()
    {
        await using var bot = await HubPeer.ConnectAsync(site.Node.Address, _bot.Key);
        await using var zoe = await HubPeer.ConnectAsync(site.Node.Address, _zoe.Cookies);
        await using var room = bot.Follow(_room.Id, 0);
        await bot.SendAsync(_room.Id, "root");
        await room.NextAsync();
        var id = Guid.NewGuid();

        var receipt = await zoe.ReplyAsync(_room.Id, 1, "one", id: id);
        var change = await room.NextAsync();

        Assert.Equal(new ChatReceipt(_room.Id, 0, 2, id) { Thread = 1, Reply = 1 }, receipt);
        Assert.Equal((ChatMessage.ReplyCreated, 0, 1, 1), (change.Type, change.Sequence, change.Thread, change.Reply));
        Assert.Equal(receipt, await zoe.ReplyAsync(_room.Id, 1, "one", id: id));
        await zoe.EditReplyAsync(_room.Id, 1, 1, "eins");
        change = await room.NextAsync();
        Assert.Equal((ChatMessage.ReplyUpdated, "eins"), (change.Type, change.Message));
        var thread = Assert.Single(await bot.ThreadsAsync());
        Assert.Equal((1L, "root", "eins", 1L), (thread.Unread, thread.Message.Message, thread.Newest.Message, thread.Message.Replies));
        Assert.Empty(await bot.ThreadsAsync(before: thread));
        await bot.MarkThreadReadAsync(_room.Id, 1, 1);
        Assert.Equal(0, Assert.Single(await bot.ThreadsAsync()).Unread);
        Assert.Equal(new ChatThreadRead(_room.Id, 1, 1), await bot.NextThreadReadAsync());
        await zoe.DeleteReplyAsync(_room.Id, 1, 1);
        Assert.Equal(ChatMessage.ReplyDeleted, (await room.NextAsync()).Type);
        await bot.FollowThreadAsync(_room.Id, 1, isFollowed: false);
        Assert.Equal(new ChatThreadRead(_room.Id, 1, null), await bot.NextThreadReadAsync());
        Assert.Empty(await bot.ThreadsAsync());
    }

    [Fact]
    public async Task A_script_replies_lists_its_threads_and_marks_one_as_read()
    {
        using var script = new ScriptClient(site.Node.Address, _bot.Key);
        await script.PostAsync(_room.Id, new { message = "root" });
        await using var socket = await ConnectAsync("?after=0");

        var (status, answer) = await script.PostAsync(_room.Id, new { message = "one", thread = 1 });
        await socket.SendTextAsync("""{"thread":1,"message":"two"}""");
        await socket.ReceiveJsonAsync("chat.message.accepted");

        Assert.Equal((HttpStatusCode.Created, 1), (status, answer.GetProperty("reply").GetInt64()));
        Assert.Equal((1, "two"), await ReadAsync());
        Assert.Equal(HttpStatusCode.NoContent, await script.PostStatusAsync($"api/rooms/{_room.Id}/threads/1/read", new { reply = 2 }));
        Assert.Equal((0, "two"), await ReadAsync());
        Assert.Equal(HttpStatusCode.BadRequest, await script.PostStatusAsync($"api/rooms/{_room.Id}/threads/1/read", new { }));

        async Task<(int Unread, string? Newest)> ReadAsync()
        {
            using var response = await script.GetAsync("api/threads");
            var thread = Assert.Single((await response.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray());
            return (thread.GetProperty("unread").GetInt32(), thread.GetProperty("newest").GetProperty("message").GetString());
        }
    }

    private Task<SocketClient> ConnectAsync(string query = "") =>
        SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{_room.Id}/chat/{query}", _zoe.Cookies);

    /// <summary>The number of unread replies in the thread of the room; null when it is not followed.</summary>
    private async Task<int?> UnreadAsync(SocketClient socket)
    {
        // A socket lists its own room only.
        var other = await site.AddRoomAsync(_zoe);
        await using var elsewhere = await SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{other.Id}/chat/", _zoe.Cookies);
        await elsewhere.SendTextAsync("""{"type":"chat.threads"}""");
        Assert.Empty((await elsewhere.ReceiveJsonAsync("chat.threads")).GetProperty("threads").EnumerateArray());
        await socket.SendTextAsync("""{"type":"chat.threads"}""");
        var list = await socket.ReceiveJsonAsync("chat.threads");
        return list.GetProperty("threads").EnumerateArray()
            .Where(thread => thread.GetProperty("message").GetProperty("room_id").GetInt32() == _room.Id)
            .Select(thread => (int?)thread.GetProperty("unread").GetInt32())
            .SingleOrDefault();
    }

    private static (long Sequence, long Revision, long Thread, long Reply) Numbers(JsonElement frame) => (
        frame.GetProperty("sequence").GetInt64(),
        frame.GetProperty("revision").GetInt64(),
        frame.GetProperty("thread").GetInt64(),
        frame.GetProperty("reply").GetInt64());
}
