using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Api;

/// <summary>Reminders for programs, as docs/protocol.md describes them: the socket, the hub and the addresses for scripts.</summary>
public sealed class ReminderApiTests(TestSite site) : IClassFixture<TestSite>
{
    private static readonly DateTimeOffset Due = new(TimeProvider.System.GetUtcNow().AddDays(2).Date, TimeSpan.Zero);

    private static string DueText => Due.ToString("o", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_program_adds_lists_snoozes_and_ends_reminders_by_every_door()
    {
        using var zoe = await site.JoinAsync("Zoe");
        var room = await site.AddRoomAsync(site.Ada, zoe);
        var bot = await site.AddBotAsync("Deployer", room);
        await using var socket = await SocketClient.ConnectAsync(site.Node.Address, $"ws/chat/{room.Id}/chat/", zoe.Cookies);
        await using var hub = await HubPeer.ConnectAsync(site.Node.Address, bot.Key);
        using var script = new ScriptClient(site.Node.Address, bot.Key);
        await hub.SendAsync(room.Id, "root");
        await hub.ReplyAsync(room.Id, 1, "one");

        // The socket
        await socket.SendTextAsync($$"""{"type":"chat.remind","sequence":1,"due_at":"{{DueText}}","time_zone":"Asia/Seoul"}""");
        await socket.SendTextAsync($$"""{"type":"chat.remind","thread":1,"reply":1,"due_at":"{{DueText}}"}""");
        await socket.SendTextAsync($$"""{"type":"chat.remind","message":"milk","due_at":"{{DueText}}"}""");
        await socket.SendTextAsync("""{"type":"chat.reminders"}""");
        var listed = (await socket.ReceiveJsonAsync("chat.reminders")).GetProperty("reminders").EnumerateArray().ToArray();
        Assert.Equal(
            ["root", "one", "milk"],
            listed.Select(item => item.TryGetProperty("message", out var message) ? message.GetProperty("message").GetString() : item.GetProperty("text").GetString()));
        Assert.Equal(("Asia/Seoul", false), (listed[0].GetProperty("time_zone").GetString(), listed[0].GetProperty("is_due").GetBoolean()));
        await socket.SendTextAsync($$"""{"type":"chat.reminder.snooze","reminder":{{listed[2].GetProperty("id")}},"due_at":"{{Due.AddHours(-1):o}}"}""");
        await socket.SendTextAsync($$"""{"type":"chat.reminder.end","reminder":{{listed[0].GetProperty("id")}}}""");
        await socket.SendTextAsync("""{"type":"chat.reminders"}""");
        listed = [.. (await socket.ReceiveJsonAsync("chat.reminders")).GetProperty("reminders").EnumerateArray()];
        Assert.Equal(["milk", null], listed.Select(item => item.TryGetProperty("text", out var text) ? text.GetString() : null));
        await socket.SendTextAsync("""{"type":"chat.remind","sequence":1}""");
        Assert.Equal("missing_field", (await socket.ReceiveJsonAsync("error")).GetProperty("code").GetString());

        // The hub, which calls the program when one is due
        await hub.RemindAsync(room.Id, 1, Due, "Europe/Berlin");
        await hub.RemindOfReplyAsync(room.Id, 1, 1, Due.AddHours(1));
        var id = Guid.NewGuid();
        foreach (var text in new[] { "first", "second" })
            await hub.RemindOfTextAsync(id, text, Due.AddHours(2));
        var reminders = await hub.RemindersAsync();
        Assert.Equal(["root", "one", "second"], reminders.Select(item => item.Message?.Message ?? item.Text));
        await hub.SnoozeReminderAsync(reminders[2].Id, Due.AddHours(-2));
        await hub.EndReminderAsync(reminders[1].Id);
        Assert.Equal(["second", "root"], (await hub.RemindersAsync()).Select(item => item.Message?.Message ?? item.Text));
        var called = hub.NextReminderAsync();
        await using (var database = new DirectDatabase(site.Node.DataFolder))
        {
            var (reminderId, now) = (reminders[2].Id, DateTime.UtcNow);
            await database.Db.Reminders.Where(reminder => reminder.Id == reminderId).ExecuteUpdateAsync(reminder => reminder.SetProperty(r => r.DueAt, now));
        }

        Assert.Equal(reminders[2].Id, await called.WaitAsync(TestWait.Limit));
        Assert.True((await hub.RemindersAsync())[0].IsDue);

        // Scripts
        Assert.Equal(HttpStatusCode.NoContent, (await script.SendAsync(HttpMethod.Post, $"api/rooms/{room.Id}/threads/1/replies/1/reminder", new { due_at = DueText })).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await script.SendAsync(HttpMethod.Post, $"api/rooms/{room.Id}/messages/1/reminder", new { due_at = DueText })).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await script.SendAsync(HttpMethod.Post, "api/reminders", new { text = "third", due_at = DueText })).Status);
        var list = (await script.SendAsync(HttpMethod.Get, "api/reminders")).Answer;
        Assert.Equal(4, list.GetArrayLength());
        Assert.True(list[0].GetProperty("is_due").GetBoolean());
        var address = $"api/reminders/{list[0].GetProperty("id")}";
        Assert.Equal(HttpStatusCode.NoContent, (await script.SendAsync(HttpMethod.Put, address, new { due_at = DueText, time_zone = "Asia/Seoul" })).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await script.SendAsync(HttpMethod.Delete, address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await script.SendAsync(HttpMethod.Put, address, new { due_at = DueText })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await script.SendAsync(HttpMethod.Post, $"api/rooms/{room.Id}/messages/9/reminder", new { due_at = DueText })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await script.SendAsync(HttpMethod.Post, "api/reminders", new { text = "no time" })).Status);
    }
}
