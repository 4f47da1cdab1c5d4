using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Api;

/// <summary>The answers to programs whose <c>@room</c> or <c>@here</c> has notified nobody, since only owners may use them.</summary>
public sealed class RoomIsTextTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task Every_api_answers_that_nobody_was_notified()
    {
        var room = await site.AddRoomAsync(site.Ada);
        var bot = await site.AddBotAsync("Deployer", room);
        await using (var database = new DirectDatabase(site.Node.DataFolder))
            await database.Db.Rooms.Where(known => known.Id == room.Id).ExecuteUpdateAsync(known => known.SetProperty(r => r.OnlyOwnersMentionRoom, true));
        await using var hub = await HubPeer.ConnectAsync(site.Node.Address, bot.Key);
        await using var socket = await SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{room.Id}/chat/", key: bot.Key);
        using var script = new ScriptClient(site.Node.Address, bot.Key);
        await using var owner = await HubPeer.ConnectAsync(site.Node.Address, site.Ada.Cookies);

        foreach (var (text, isText) in new[] { ("@room, done", true), ("@here?", true), ("`@room`", false) })
        {
            var sent = await hub.SendAsync(room.Id, text);
            Assert.Equal((text, isText), (text, sent.RoomIsText == true));
            Assert.Equal((text, isText), (text, (await hub.EditAsync(room.Id, sent.Sequence, $"{text} again")).RoomIsText == true));
            var (_, answer) = await script.PostAsync(room.Id, new { message = text });
            Assert.Equal((text, isText), (text, answer.TryGetProperty("room_is_text", out var posted) && posted.GetBoolean()));
            await socket.SendTextAsync($$"""{"type":"chat.message.send","message":"{{text}}"}""");
            var accepted = await socket.ReceiveJsonAsync("chat.message.accepted");
            Assert.Equal((text, isText), (text, accepted.TryGetProperty("room_is_text", out var mark) && mark.GetBoolean()));
            Assert.Null((await owner.SendAsync(room.Id, text)).RoomIsText);
        }
    }
}
