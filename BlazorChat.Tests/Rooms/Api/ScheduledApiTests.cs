using System.Globalization;
using System.Net;
using BlazorChat.Rooms.Api.Hub;

namespace BlazorChat.Tests.Rooms.Api;

/// <summary>Scheduled messages for programs, as docs/protocol.md describes them: the socket, the hub and the addresses for scripts.</summary>
public sealed class ScheduledApiTests(TestSite site) : IClassFixture<TestSite>
{
    private static readonly DateTimeOffset Due = new(TimeProvider.System.GetUtcNow().AddDays(2).Date, TimeSpan.Zero);

    private static string DueText => Due.ToString("o", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_program_schedules_lists_changes_cancels_and_sends_by_every_door()
    {
        using var zoe = await site.JoinAsync("Zoe");
        var room = await site.AddRoomAsync(site.Ada, zoe);
        var other = await site.AddRoomAsync(site.Ada, zoe);
        var bot = await site.AddBotAsync("Deployer", room);
        await using var socket = await SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{room.Id}/chat/", zoe.Cookies);
        await using var elsewhere = await SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{other.Id}/chat/", zoe.Cookies);
        await using var hub = await HubPeer.ConnectAsync(site.Node.Address, bot.Key);
        using var script = new ScriptClient(site.Node.Address, bot.Key);

        // The socket, of its own room only
        var id = Guid.NewGuid();
        foreach (var text in new[] { "first", "second" })
        {
            await socket.SendTextAsync($$"""{"type":"chat.schedule","client_message_id":"{{id}}","message":"{{text}}","due_at":"{{DueText}}","time_zone":"Asia/Seoul"}""");
            Assert.Equal(id, (await socket.ReceiveJsonAsync("chat.scheduled.accepted")).GetProperty("client_message_id").GetGuid());
        }

        await socket.SendTextAsync($$"""{"type":"chat.scheduled.change","client_message_id":"{{id}}","message":"third"}""");
        await socket.ReceiveJsonAsync("chat.scheduled.accepted");
        await socket.SendTextAsync("""{"type":"chat.scheduled"}""");
        var listed = Assert.Single((await socket.ReceiveJsonAsync("chat.scheduled")).GetProperty("messages").EnumerateArray());
        Assert.Equal(
            ("third", "Asia/Seoul", "waiting", Due.UtcDateTime),
            (listed.GetProperty("message").GetString(), listed.GetProperty("time_zone").GetString(), listed.GetProperty("state").GetString(), listed.GetProperty("due_at").GetDateTime()));
        await elsewhere.SendTextAsync("""{"type":"chat.scheduled"}""");
        Assert.Equal(0, (await elsewhere.ReceiveJsonAsync("chat.scheduled")).GetProperty("messages").GetArrayLength());
        await socket.SendTextAsync($$"""{"type":"chat.scheduled.send","client_message_id":"{{id}}"}""");
        Assert.Equal(1, (await socket.ReceiveJsonAsync("chat.message.accepted")).GetProperty("sequence").GetInt64());
        await socket.SendTextAsync($$"""{"type":"chat.scheduled.cancel","client_message_id":"{{Guid.NewGuid()}}"}""");
        await socket.ReceiveJsonAsync("chat.scheduled.accepted");
        foreach (var wrong in new[] { """{"type":"chat.schedule","message":"x"}""", """{"type":"chat.scheduled.send"}""", $$"""{"type":"chat.scheduled.change","client_message_id":"{{id}}"}""" })
        {
            await socket.SendTextAsync(wrong);
            Assert.Equal("missing_field", (await socket.ReceiveJsonAsync("error")).GetProperty("code").GetString());
        }

        // The hub
        var (one, two) = (Guid.NewGuid(), Guid.NewGuid());
        await hub.ScheduleAsync(room.Id, one, "one", Due);
        await hub.ScheduleAsync(room.Id, two, "two", Due, new ChatScheduleOptions(Thread: 1, AlsoInRoom: true, TimeZone: "Europe/Berlin"));
        await hub.ChangeScheduledAsync(one, "one again", Due.AddHours(-1));
        Assert.Equal(
            [("one again", null, "UTC"), ("two", 1L, "Europe/Berlin")],
            (await hub.ScheduledAsync()).Select(message => (message.Message, message.Thread, message.TimeZone)));
        await hub.CancelScheduledAsync(one);
        Assert.Equal((1L, 2L), ((await hub.SendScheduledAsync(two)).Reply!.Value, (await hub.SendScheduledAsync(two)).Sequence));
        Assert.Equal("not_found", (await HubPeer.RefusedAsync(() => hub.SendScheduledAsync(one))).Code);

        // Scripts
        var address = $"api/rooms/{room.Id}/scheduled";
        Assert.Equal(HttpStatusCode.Conflict, (await script.SendAsync(HttpMethod.Post, address, new { message = "removed", due_at = DueText, client_message_id = one })).Status);
        var three = Guid.NewGuid();
        var (status, answer) = await script.SendAsync(HttpMethod.Post, address, new { message = "by script", due_at = DueText, client_message_id = three });
        Assert.Equal((HttpStatusCode.Created, three), (status, answer.GetProperty("client_message_id").GetGuid()));
        Assert.Equal(HttpStatusCode.NoContent, (await script.SendAsync(HttpMethod.Put, $"api/scheduled/{three}", new { message = "changed" })).Status);
        var list = (await script.SendAsync(HttpMethod.Get, "api/scheduled")).Answer;
        Assert.Equal("changed", Assert.Single(list.EnumerateArray()).GetProperty("message").GetString());
        Assert.Equal(3, (await script.SendAsync(HttpMethod.Post, $"api/scheduled/{three}/send")).Answer.GetProperty("sequence").GetInt64());
        Assert.Equal(HttpStatusCode.NoContent, (await script.SendAsync(HttpMethod.Delete, $"api/scheduled/{three}")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await script.SendAsync(HttpMethod.Post, address, new { message = "again", due_at = DueText, client_message_id = three })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await script.SendAsync(HttpMethod.Post, address, new { message = "no time" })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await script.SendAsync(HttpMethod.Put, $"api/scheduled/{Guid.NewGuid()}", new { message = "x" })).Status);
    }
}
