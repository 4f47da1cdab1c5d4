using System.Net;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using BlazorChat.Common;
using BlazorChat.Notifications.Mail;
using BlazorChat.Notifications.Push;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Notifications.Outbox;

/// <summary>Processes are killed between the commit of a message and its notification, and while it is sent.</summary>
[Trait("Speed", "Slow")]
public sealed class OutboxCrashTests
{
    private ClaimsPrincipal _zoe = null!;

    [Fact]
    public async Task A_notification_arrives_after_its_node_was_killed_before_and_during_the_sending()
    {
        await using var service = await PushService.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        await using var node = await database.StartProcessAsync([.. service.Settings, "Notifications:PushDelay=2"]);
        var (site, ada, roomId) = await AddAsync(database, service);

        await site.SendMessageAsync(ada, roomId, "@zoe first");
        await node.KillAsync();
        await node.StartAgainAsync();
        var first = await service.ReceiveAsync("Zoe");

        await service.StallAsync("Zoe");
        await site.SendMessageAsync(ada, roomId, "@zoe second");
        var before = await service.ReceiveAsync("Zoe");
        await node.KillAsync();
        await service.AnswerAsync("Zoe", 201);
        await using (var db = await database.OpenAsync())
        {
            // As after the lease of the killed node.
            var now = DateTime.UtcNow;
            Assert.Equal(1, await db.PushDeliveries.Where(d => d.LeasedUntil > now).ExecuteUpdateAsync(d => d.SetProperty(x => x.LeasedUntil, now)));
        }

        await node.StartAgainAsync();
        var after = await service.ReceiveAsync("Zoe");

        Assert.Equal(("room-" + roomId + "-1", "@Zoe first"), (first.Topic, BodyOf(first)));
        Assert.Equal(("room-" + roomId + "-2", "@Zoe second"), (before.Topic, BodyOf(before)));
        Assert.Equal((before.Topic, before.Text), (after.Topic, after.Text));
        Assert.Equal(0, service.WaitingFor("Zoe"));
    }

    [Fact]
    public async Task What_a_node_has_accepted_and_not_called_for_is_sent_once_after_it_was_killed()
    {
        await using var service = await PushService.StartAsync();
        // Longer than the node lives after it has answered.
        await using var node = await NodeProcess.StartAsync(null, [.. service.Settings, "Notifications:PushDelay=5"]);
        using var ada = new FormClient(node.Address);
        await ada.SetUpAsync();
        using var bot = new ScriptClient(node.Address, await ada.MakeBotAsync("Deployer", ("Rooms", "1")));
        using var key = await ada.GetAsync("account/devices/key");
        var browser = await service.SubscribeAsync("Ada", await key.Content.ReadAsStringAsync());
        var json = JsonSerializer.Serialize(new { endpoint = browser.Endpoint, keys = new { p256dh = browser.P256dh, auth = browser.Auth } });
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var registered = await ada.SendAsync(HttpMethod.Post, "account/devices", content, ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.NoContent, registered.StatusCode);

        var (status, _) = await bot.PostAsync(1, new { id = Guid.NewGuid(), message = "@ada first" });
        await node.KillAsync();
        Assert.InRange((int)status, 200, 299);
        Assert.Equal(0, service.WaitingFor("Ada"));
        await node.StartAgainAsync();
        var first = await service.ReceiveAsync("Ada");
        (status, _) = await bot.PostAsync(1, new { id = Guid.NewGuid(), message = "@ada second" });
        Assert.InRange((int)status, 200, 299);
        var second = await service.ReceiveAsync("Ada");

        Assert.Equal(("room-1-1", "@Ada first"), (first.Topic, BodyOf(first)));
        Assert.Equal(("room-1-2", "@Ada second"), (second.Topic, BodyOf(second)));
        Assert.Equal(0, service.WaitingFor("Ada"));
    }

    [Fact]
    public async Task A_notification_arrives_once_when_Redis_and_one_of_two_nodes_are_killed_and_is_withdrawn_when_it_is_read()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var service = await PushService.StartAsync();
        await using var database = await TestDatabase.CreateAsync(redis.ConnectionString);
        string[] settings = [.. service.Settings, "Notifications:PushDelay=2"];
        await using var killed = await database.StartProcessAsync(settings);
        await using var other = await database.StartProcessAsync(settings);
        var (site, ada, roomId) = await AddAsync(database, service);

        await redis.KillAsync();
        await site.SendMessageAsync(ada, roomId, "@zoe look");
        await killed.KillAsync();
        var shown = await service.ReceiveAsync("Zoe");
        await database.Conversation.MarkReadAsync(_zoe, roomId, 1, default);
        var withdrawn = await service.ReceiveAsync("Zoe");

        Assert.Equal("message", shown.Json.GetProperty("kind").GetString());
        Assert.Equal("clear", withdrawn.Json.GetProperty("kind").GetString());
        Assert.Equal(shown.Topic, withdrawn.Topic);
        Assert.Equal(0, service.WaitingFor("Zoe"));
    }

    /// <summary>Zoe has a device in a room of Ada's. The test writes; only the processes send.</summary>
    private async Task<(OutboxSite Site, ClaimsPrincipal Ada, int RoomId)> AddAsync(TestDatabase database, PushService service)
    {
        var site = new OutboxSite(database, new FakeTimeProvider());
        var ada = await database.AddPersonAsync("Ada");
        _zoe = await database.AddPersonAsync("Zoe");
        var tokens = new VapidTokens(
            database.Services.GetRequiredService<ISecretStore>(),
            new PushContact(new ConfigurationBuilder().Build(), Options.Create(new MailOptions())),
            TimeProvider.System);
        var target = (await service.SubscribeAsync("Zoe", (await tokens.GetKeyAsync(default)).PublicKey)).Target;
        await site.AddDeviceAsync(_zoe, target.Endpoint.AbsoluteUri, target.PublicKey, target.AuthSecret);
        return (site, ada, await site.AddRoomAsync(ada, _zoe));
    }

    private static string? BodyOf(BlazorChat.Tests.Support.Clients.PushDelivery delivery) => delivery.Json.GetProperty("body").GetString();
}
