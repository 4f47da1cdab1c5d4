using System.Net;
using System.Text.Json;

namespace BlazorChat.Tests.Rooms.Previews;

/// <summary>Previews for programs, as docs/protocol.md describes them: the socket, the hub and the addresses for scripts.</summary>
public sealed class PreviewApiTests(PreviewSite site) : IClassFixture<PreviewSite>
{
    [Fact]
    public async Task A_program_receives_previews_and_removes_them_by_every_door()
    {
        using var zoe = await site.JoinAsync("Zoe");
        var room = await site.AddRoomAsync(site.Ada, zoe);
        var bot = await site.AddBotAsync("Deployer", room);
        await using var socket = await SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{room.Id}/chat/", zoe.Cookies);
        await using var hub = await HubPeer.ConnectAsync(site.Node.Address, bot.Key);
        using var script = new ScriptClient(site.Node.Address, bot.Key);
        var text = $"{site.Pages.Of("/news#x")} {site.Pages.Of("/more")}";

        // The socket
        await socket.SendTextAsync(JsonSerializer.Serialize(new { message = text }));
        Assert.False((await socket.ReceiveJsonAsync("chat.message.created")).TryGetProperty("previews", out _));
        var previews = await ReceiveBothAsync("chat.message.updated");
        Assert.Equal(("News", "Today", "127.0.0.1", site.Pages.Of("/news#x")), (Text(previews[0], "title"), Text(previews[0], "text"), Text(previews[0], "site"), Text(previews[0], "url")));
        Assert.Equal((64, 48), (previews[0].GetProperty("width").GetInt32(), previews[0].GetProperty("height").GetInt32()));
        Assert.False(previews[1].TryGetProperty("picture", out _));
        var picture = Text(previews[0], "picture")![1..];
        foreach (var _ in new[] { 1, 2 })
        {
            await socket.SendTextAsync(JsonSerializer.Serialize(new { type = "chat.preview.remove", sequence = 1, preview = Text(previews[1], "id") }));
            Assert.Equal(4, (await socket.ReceiveJsonAsync("chat.message.accepted")).GetProperty("revision").GetInt64());
        }

        await socket.SendTextAsync("""{"type":"chat.preview.remove"}""");
        Assert.Equal("missing_field", (await socket.ReceiveJsonAsync("error")).GetProperty("code").GetString());

        // The picture
        using var served = await zoe.GetAsync(picture);
        Assert.Equal((HttpStatusCode.OK, "image/webp", true), (served.StatusCode, served.Content.Headers.ContentType?.MediaType, served.Headers.CacheControl?.Private));
        Assert.Equal((true, null), (served.Headers.CacheControl?.NoCache, served.Headers.CacheControl?.MaxAge));
        Assert.NotNull(served.Headers.ETag);
        using var anonymous = new FormClient(site.Node.Address);
        using var refused = await anonymous.GetAsync(picture);
        Assert.NotEqual(HttpStatusCode.OK, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await script.StatusAsync(picture));

        Assert.Equal(HttpStatusCode.OK, await script.StatusAsync("emoji"));

        // The hub
        await hub.SendAsync(room.Id, text);
        await ReceiveBothAsync("chat.message.updated");
        Assert.Equal(8, (await hub.RemovePreviewAsync(room.Id, 2)).Revision);
        Assert.False((await socket.ReceiveJsonAsync("chat.message.updated")).TryGetProperty("previews", out _));
        await hub.ReplyAsync(room.Id, 1, text);
        await ReceiveBothAsync("chat.reply.updated");
        Assert.Equal(12, (await hub.RemoveReplyPreviewAsync(room.Id, 1, 1)).Revision);

        // Scripts
        await script.PostAsync(room.Id, new { message = text });
        previews = await ReceiveBothAsync("chat.message.updated");
        Assert.Equal(16, Revision(await script.SendAsync(HttpMethod.Delete, $"api/rooms/{room.Id}/messages/3/previews/{Text(previews[0], "id")}")));
        Assert.Equal(17, Revision(await script.SendAsync(HttpMethod.Delete, $"api/rooms/{room.Id}/messages/3/previews")));
        Assert.Equal(12, Revision(await script.SendAsync(HttpMethod.Delete, $"api/rooms/{room.Id}/threads/1/replies/1/previews")));
        Assert.Equal(HttpStatusCode.Forbidden, (await script.SendAsync(HttpMethod.Delete, $"api/rooms/{room.Id}/messages/1/previews")).Status);

        async Task<JsonElement[]> ReceiveBothAsync(string type)
        {
            // The first one may arrive alone, or both together.
            while (true)
            {
                if ((await socket.ReceiveJsonAsync(type)).GetProperty("previews") is var previews && previews.GetArrayLength() == 2)
                    return [.. previews.EnumerateArray()];
            }
        }
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static long Revision((HttpStatusCode Status, JsonElement Answer) answer) => answer.Answer.GetProperty("revision").GetInt64();
}
