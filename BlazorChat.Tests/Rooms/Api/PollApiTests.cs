using System.Net;
using System.Text.Json;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Api;

namespace BlazorChat.Tests.Rooms.Api;

/// <summary>Polls for programs, as docs/protocol.md describes them: the socket, the hub and the addresses for scripts.</summary>
public sealed class PollApiTests(TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
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
    public async Task A_socket_sends_a_poll_and_votes_and_ends_it_and_receives_its_state()
    {
        await using var socket = await ConnectAsync();
        var end = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()).AddDays(1);
        await socket.SendTextAsync(
            $$$"""{"message":"Lunch?","poll":{"options":["Pizza","Soup"],"is_multiple":true,"ends_at":"{{{end.ToOffset(TimeSpan.FromHours(1)):O}}}"}}""");
        var created = await socket.ReceiveJsonAsync("chat.message.created");
        await socket.SendTextAsync("""{"type":"chat.vote","sequence":1,"options":[2,1]}""");
        var voted = await socket.ReceiveJsonAsync("chat.message.updated");
        await socket.SendTextAsync("""{"type":"chat.vote.read","sequence":1}""");
        var read = await socket.ReceiveJsonAsync("chat.vote.read");
        await socket.SendTextAsync("""{"type":"chat.vote","sequence":1,"options":[]}""");
        var withdrawn = await socket.ReceiveJsonAsync("chat.message.updated");
        await socket.SendTextAsync("""{"type":"chat.poll.end","sequence":1}""");
        var ended = await socket.ReceiveJsonAsync("chat.message.updated");

        var poll = created.GetProperty("poll");
        Assert.Equal(
            """{"options":[{"text":"Pizza","count":0,"people":[]},{"text":"Soup","count":0,"people":[]}],"voters":0,"is_multiple":true,"is_anonymous":false,"ends_at":"""
                + $"\"{end:yyyy-MM-ddTHH:mm:ssZ}\"}}",
            poll.GetRawText());
        Assert.Equal([_zoe.Id], voted.GetProperty("poll").GetProperty("options")[1].GetProperty("people").EnumerateArray().Select(id => id.GetInt32()));
        Assert.Equal((1, 2), (voted.GetProperty("poll").GetProperty("voters").GetInt32(), voted.GetProperty("revision").GetInt64()));
        Assert.False(voted.TryGetProperty("edited_at", out _));
        Assert.Equal([1, 2], read.GetProperty("options").EnumerateArray().Select(number => number.GetInt32()));
        Assert.Equal(0, withdrawn.GetProperty("poll").GetProperty("voters").GetInt32());
        Assert.True(ended.GetProperty("poll").TryGetProperty("ended_at", out _));
    }

    [Fact]
    public async Task A_socket_gets_answers_and_refusals()
    {
        await using var socket = await ConnectAsync();
        foreach (var command in new[] { """{"message":"Lunch?","client_message_id":"00000000-0000-0000-0000-0000000000aa","poll":{"options":["a","b"]}}""", """{"type":"chat.vote","sequence":1,"options":[1]}""" })
        {
            foreach (var _ in new[] { 1, 2 })
            {
                await socket.SendTextAsync(command);
                var accepted = await socket.ReceiveJsonAsync("chat.message.accepted");
                Assert.Equal((1, command.Contains("vote", StringComparison.Ordinal) ? 2 : 1), (accepted.GetProperty("sequence").GetInt64(), accepted.GetProperty("revision").GetInt64()));
            }
        }

        foreach (var (command, code) in new[]
        {
            ("""{"type":"chat.vote","options":[1]}""", "missing_field"),
            ("""{"type":"chat.vote","sequence":1}""", "missing_field"),
            ("""{"type":"chat.vote","sequence":1,"options":[3]}""", "invalid"),
            ("""{"type":"chat.vote","sequence":9,"options":[1]}""", "not_found"),
            ("""{"type":"chat.vote.read","sequence":9}""", "not_found"),
            ("""{"type":"chat.poll.end","sequence":9}""", "not_found"),
            ("""{"message":"q","poll":{}}""", "invalid"),
            ("""{"message":"q","poll":{"options":["a"]}}""", "invalid"),
            ("""{"message":"q","thread":1,"poll":{"options":["a","b"]}}""", "invalid"),
            ("""{"poll":{"options":["a","b"]}}""", "missing_field"),
        })
        {
            await socket.SendTextAsync(command);
            Assert.Equal(code, (await socket.ReceiveJsonAsync("error")).GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task A_program_on_the_hub_sends_a_poll_and_votes_and_follows_it()
    {
        await using var bot = await HubPeer.ConnectAsync(site.Node.Address, _bot.Key);
        await using var zoe = await HubPeer.ConnectAsync(site.Node.Address, _zoe.Cookies);
        await using var room = zoe.Follow(_room.Id, 0);

        var receipt = await bot.SendPollAsync(_room.Id, "Deploy?", new ChatNewPoll(["yes", "no"], EndsAt: DateTime.UtcNow.AddHours(1)));
        Assert.Equal((1, 1), (receipt.Sequence, receipt.Revision));
        Assert.Equal(["yes", "no"], (await room.NextAsync()).Poll!.Options.Select(option => option.Text));
        await zoe.VoteAsync(_room.Id, 1, 1);
        var change = await room.NextAsync();
        Assert.Equal((ChatMessage.Updated, 2, 1, _zoe.Id), (change.Type, change.Revision, change.Poll!.Voters, change.Poll.Options[0].People![0]));
        Assert.Equal([1], (await zoe.ReadVoteAsync(_room.Id, 1)).Options);
        Assert.Empty((await bot.ReadVoteAsync(_room.Id, 1)).Options);
        Assert.Equal("forbidden", (await HubPeer.RefusedAsync(() => zoe.EndPollAsync(_room.Id, 1))).Code);
        await bot.EndPollAsync(_room.Id, 1);
        Assert.NotNull((await room.NextAsync()).Poll!.EndedAt);
        Assert.Equal("conflict", (await HubPeer.RefusedAsync(() => bot.VoteAsync(_room.Id, 1, 2))).Code);
    }

    [Fact]
    public async Task A_script_sends_a_poll_and_votes_by_requests_that_can_be_repeated()
    {
        using var script = new ScriptClient(site.Node.Address, _bot.Key);
        await using var socket = await ConnectAsync("?after=0");
        var post = new { message = "Deploy?", client_message_id = Guid.NewGuid(), poll = new { options = new[] { "yes", "no" } } };
        var address = $"api/rooms/{_room.Id}/messages/1/vote";

        foreach (var status in new[] { HttpStatusCode.Created, HttpStatusCode.OK })
            Assert.Equal(status, (await script.PostAsync(_room.Id, post)).Status);
        Assert.Equal(2, (await socket.ReceiveJsonAsync("chat.message.created")).GetProperty("poll").GetProperty("options").GetArrayLength());
        foreach (var revision in new[] { 2, 2 })
            Assert.Equal((HttpStatusCode.OK, revision), Of(await script.SendAsync(HttpMethod.Put, address, new { options = new[] { 2 } })));
        Assert.Equal(1, (await socket.ReceiveJsonAsync("chat.message.updated")).GetProperty("poll").GetProperty("options")[1].GetProperty("count").GetInt32());
        using (var read = await script.GetAsync(address))
            Assert.Equal("""{"sequence":1,"options":[2]}""", (await read.Content.ReadFromJsonAsync<JsonElement>()).GetRawText());
        foreach (var revision in new[] { 3, 3 })
            Assert.Equal((HttpStatusCode.OK, revision), Of(await script.SendAsync(HttpMethod.Delete, address)));
        foreach (var revision in new[] { 4, 4 })
            Assert.Equal((HttpStatusCode.OK, revision), Of(await script.SendAsync(HttpMethod.Post, $"api/rooms/{_room.Id}/messages/1/end")));
        var (refused, error) = await script.SendAsync(HttpMethod.Put, address, new { options = new[] { 1 } });
        Assert.Equal((HttpStatusCode.Conflict, "conflict"), (refused, error.GetProperty("code").GetString()));
        Assert.Equal("missing_field", (await script.SendAsync(HttpMethod.Put, address, new { })).Answer.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await script.PostAsync(_room.Id, new { message = "q", thread = 1, poll = post.poll })).Status);
    }

    [Fact]
    public async Task No_api_reveals_who_voted_in_an_anonymous_poll()
    {
        await using var bot = await HubPeer.ConnectAsync(site.Node.Address, _bot.Key);
        using var script = new ScriptClient(site.Node.Address, _bot.Key);
        await bot.SendPollAsync(_room.Id, "Who?", new ChatNewPoll(["yes", "no"], IsAnonymous: true));
        await using var socket = await SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{_room.Id}/chat/?after=0", site.Ada.Cookies);
        await using var room = bot.Follow(_room.Id, 0);
        await using (var zoe = await HubPeer.ConnectAsync(site.Node.Address, _zoe.Cookies))
            await zoe.VoteAsync(_room.Id, 1, 2);

        ChatMessage newest;
        do
            newest = await room.NextAsync();
        while (newest.Revision < 2);
        var frame = await ReceiveAsync(socket, revision: 2);
        using var listed = await script.GetAsync($"api/rooms/{_room.Id}/messages");
        var list = await listed.Content.ReadAsStringAsync();
        using var browser = new ScriptClient(site.Node.Address, cookies: site.Ada.Cookies);
        using var page = await browser.GetAsync($"rooms/{_room.Id}");
        var html = await page.Content.ReadAsStringAsync();

        Assert.Equal(1, newest.Poll!.Voters);
        Assert.All(newest.Poll.Options, option => Assert.Equal((null, null), (option.Count, option.People)));
        Assert.DoesNotContain("count", frame.GetProperty("poll").GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"count\"", list, StringComparison.Ordinal);
        Assert.DoesNotContain("people", frame.GetProperty("poll").GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("people", list, StringComparison.Ordinal);
        // The page of a reader names the members of the room nowhere.
        Assert.DoesNotContain("Zoe", html, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"PersonId\":{_zoe.Id}", html, StringComparison.Ordinal);
        Assert.Empty((await bot.ReadVoteAsync(_room.Id, 1)).Options);

        await bot.EndPollAsync(_room.Id, 1);
        var result = (await ReceiveAsync(socket, revision: 3)).GetProperty("poll").GetProperty("options");
        Assert.Equal([0, 1], result.EnumerateArray().Select(option => option.GetProperty("count").GetInt32()));
    }

    private static async Task<JsonElement> ReceiveAsync(SocketClient socket, long revision)
    {
        while (true)
        {
            var frame = await socket.ReceiveJsonAsync();
            if (frame.GetProperty("revision").GetInt64() == revision)
                return frame;
        }
    }

    private static (HttpStatusCode, int) Of((HttpStatusCode Status, JsonElement Answer) answer) => (answer.Status, answer.Answer.GetProperty("revision").GetInt32());

    private Task<SocketClient> ConnectAsync(string query = "") =>
        SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{_room.Id}/chat/{query}", _zoe.Cookies);
}
