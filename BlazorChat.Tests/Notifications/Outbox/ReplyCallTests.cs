using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Notifications.Outbox;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Threads;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Notifications.Outbox;

/// <summary>Whom a reply calls that only its thread shows: those who follow the thread.</summary>
public sealed class ReplyCallTests : IAsyncLifetime
{
    private PushService _service = default!;
    private OutboxSite _site = default!;
    private SendingNode _node = default!;

    public async ValueTask InitializeAsync()
    {
        _service = await PushService.StartAsync();
        _site = await OutboxSite.CreateSendingAsync();
        _node = _site.CreateNode(_service);
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _site.DisposeAsync();
        await _service.DisposeAsync();
    }

    private ThreadFollows Follows => _site.Database.Services.GetRequiredService<ThreadFollows>();

    [Fact]
    public async Task A_reply_calls_the_followers_of_its_thread_and_whom_it_mentions_and_nobody_else()
    {
        var (ada, zoe, max) = (await _site.AddCallableAsync("Ada"), await _site.AddCallableAsync("Zoe"), await _site.AddCallableAsync("Max"));
        var (eve, kim) = (await _site.AddCallableAsync("Eve"), await _site.AddCallableAsync("Kim"));
        var roomId = await _site.AddRoomAsync(ada, zoe, max, eve, kim);
        // Every message of the room calls Eve, who does not follow the thread.
        await _site.Database.Preferences.SetLevelAsync(eve, roomId, RoomLevel.Everything, default);
        await _site.SendMessageAsync(ada, roomId, "root");
        await ReplyAsync(kim, roomId, "one");
        await _site.Database.Preferences.SetLevelAsync(kim, roomId, RoomLevel.Nothing, default);
        await _site.DispatchAsync();
        await using (var db = await _site.Database.OpenAsync())
            await db.PushDeliveries.ExecuteDeleteAsync();

        var reply = await ReplyAsync(zoe, roomId, "two, @max and @room");
        await _site.DispatchAsync();

        var deliveries = await _site.ReadDeliveriesAsync();
        Assert.Equal([ada.UserId, max.UserId], deliveries.Select(delivery => delivery.UserId).Order());
        Assert.All(deliveries, delivery => Assert.Equal((roomId, reply.Sequence), (delivery.RoomId, delivery.Sequence)));
        Assert.Empty(await _site.ReadNotificationsAsync());
    }

    [Theory]
    [InlineData("read", false)]
    [InlineData("written", false)]
    [InlineData("unfollowed", false)]
    [InlineData("left", false)]
    [InlineData("hidden", false)]
    [InlineData("muted", false)]
    [InlineData("archived", false)]
    [InlineData("deleted", false)]
    [InlineData("not disturbed", false)]
    [InlineData("the room is read", true)]
    [InlineData("an earlier reply is read", true)]
    public async Task What_is_read_is_decided_by_the_position_in_the_thread(string why, bool calls)
    {
        var (ada, zoe) = (await _site.AddCallableAsync("Ada"), await _site.Database.AddPersonAsync("Zoe"));
        var roomId = await _site.AddRoomAsync(zoe, ada);
        await _site.SendMessageAsync(ada, roomId, "root");
        await ReplyAsync(zoe, roomId, "one");
        await Follows.MarkReadAsync(ada, roomId, 1, 1, default);
        var reply = await ReplyAsync(zoe, roomId, "two @ada");
        await (why switch
        {
            "read" => Follows.MarkReadAsync(ada, roomId, 1, 2, default),
            "written" => ReplyAsync(ada, roomId, "three"),
            "unfollowed" => Follows.UnfollowAsync(ada, roomId, 1, default),
            "left" => _site.Database.Owners.LeaveAsync(ada, roomId, null, default),
            "hidden" => _site.Database.Preferences.HideAsync(ada, roomId, default),
            "muted" => _site.Database.Preferences.SetLevelAsync(ada, roomId, RoomLevel.Nothing, default),
            "archived" => _site.Database.RoomLifecycle.ArchiveAsync(zoe, roomId, default),
            "deleted" => _site.Database.Conversation.DeleteAsync(zoe, roomId, reply.Sequence, default),
            "not disturbed" => _site.Preferences.SetDoNotDisturbAsync(ada, _site.Time.GetUtcNow().UtcDateTime.AddHours(1), default),
            "the room is read" => _site.Database.Conversation.MarkReadAsync(ada, roomId, 1, default),
            _ => Follows.MarkReadAsync(ada, roomId, 1, 1, default),
        });

        await _site.DispatchAsync();

        Assert.Equal(calls ? [reply.Sequence] : [], (await _site.ReadDeliveriesAsync()).Where(delivery => delivery.UserId == ada.UserId).Select(delivery => delivery.Sequence));
    }

    [Fact]
    public async Task A_notification_leads_to_the_reply_and_counts_it_and_reading_the_thread_withdraws_it()
    {
        var (ada, zoe) = (await _site.AddCallableAsync("Ada", _service), await _site.Database.AddPersonAsync("Zoe"));
        var room = await _site.Database.Rooms.CreateAsync(zoe, "General", RoomKind.Open, default);
        await _site.Database.Rooms.JoinAsync(ada, room.Id, default);
        await _site.SendMessageAsync(ada, room.Id, "root");
        await _site.SendMessageAsync(zoe, room.Id, "unread in the room");
        var reply = await ReplyAsync(zoe, room.Id, "first");

        await _site.DispatchAsync();
        Assert.Equal(1, await _node.SendAsync());
        var shown = (await _service.ReceiveAsync("Ada")).Json;
        Assert.Equal(
            ("Zoe in General", "first", $"/rooms/{room.Id}/1/1", 2),
            (shown.GetProperty("title").GetString(), shown.GetProperty("body").GetString(), shown.GetProperty("url").GetString(), shown.GetProperty("badge").GetInt32()));

        // What is read in the room is another position.
        await _site.Database.Conversation.MarkReadAsync(ada, room.Id, 2, default);
        Assert.Equal(0, await _node.SendAsync());
        await _site.Database.Conversation.EditAsync(zoe, room.Id, reply.Sequence, "second", default);
        await _site.DispatchAsync();
        Assert.Equal(1, await _node.SendAsync());
        Assert.Equal("second", (await _service.ReceiveAsync("Ada")).Json.GetProperty("body").GetString());
        await Follows.MarkReadAsync(ada, room.Id, 1, 1, default);
        _site.Time.Advance(BlazorChat.Rooms.Outbox.PushOutbox.ReadDelay);
        Assert.Equal(1, await _node.SendAsync());

        var cleared = (await _service.ReceiveAsync("Ada")).Json;
        Assert.Equal(("clear", shown.GetProperty("tag").GetString(), 0), (cleared.GetProperty("kind").GetString(), cleared.GetProperty("tag").GetString(), cleared.GetProperty("badge").GetInt32()));
    }

    [Theory]
    [InlineData("written")]
    [InlineData("unfollowed")]
    [InlineData("hidden")]
    public async Task What_a_device_shows_of_a_thread_is_withdrawn_with_the_reason_for_it(string why)
    {
        var (ada, zoe) = (await _site.AddCallableAsync("Ada", _service), await _site.Database.AddPersonAsync("Zoe"));
        var roomId = await _site.AddRoomAsync(zoe, ada);
        await _site.SendMessageAsync(ada, roomId, "root");
        await ReplyAsync(zoe, roomId, "one");
        await _site.DispatchAsync();
        await _node.SendAsync();
        await _service.ReceiveAsync("Ada");

        await (why switch
        {
            "written" => ReplyAsync(ada, roomId, "two"),
            "unfollowed" => Follows.UnfollowAsync(ada, roomId, 1, default),
            _ => _site.Database.Preferences.HideAsync(ada, roomId, default),
        });
        _site.Time.Advance(BlazorChat.Rooms.Outbox.PushOutbox.ReadDelay);

        Assert.Equal(1, await _node.SendAsync());
        Assert.Equal("clear", (await _service.ReceiveAsync("Ada")).Json.GetProperty("kind").GetString());
    }

    [Fact]
    public async Task An_edit_of_a_reply_calls_whom_it_mentions_now_and_no_other_follower()
    {
        var (ada, zoe, max) = (await _site.AddCallableAsync("Ada"), await _site.Database.AddPersonAsync("Zoe"), await _site.AddCallableAsync("Max"));
        var roomId = await _site.AddRoomAsync(ada, zoe, max);
        await _site.SendMessageAsync(zoe, roomId, "root");
        var reply = await ReplyAsync(zoe, roomId, "one");
        await _site.DispatchAsync();
        Assert.Empty(await _site.ReadDeliveriesAsync());
        await Follows.FollowAsync(ada, roomId, 1, default);

        await _site.Database.Conversation.EditAsync(zoe, roomId, reply.Sequence, "one @max", default);
        await _site.DispatchAsync();

        Assert.Equal((max.UserId, reply.Sequence), Assert.Single(await _site.ReadDeliveriesAsync()) is var delivery ? (delivery.UserId, delivery.Sequence) : default);
    }

    [Fact]
    public async Task A_reply_that_the_room_shows_too_calls_like_a_message()
    {
        var (ada, zoe, max) = (await _site.AddCallableAsync("Ada"), await _site.Database.AddPersonAsync("Zoe"), await _site.AddCallableAsync("Max"));
        var roomId = await _site.AddRoomAsync(zoe, ada, max);
        await _site.Database.Preferences.SetLevelAsync(max, roomId, RoomLevel.Everything, default);
        await _site.SendMessageAsync(ada, roomId, "root");
        await _site.Database.Conversation.MarkReadAsync(max, roomId, 1, default);

        await _site.Database.Conversation.ReplyAsync(zoe, roomId, 1, Guid.NewGuid(), "for all", [], isInRoom: true, default);
        await _site.DispatchAsync();

        Assert.Equal((max.UserId, 2), Assert.Single(await _site.ReadDeliveriesAsync()) is var delivery ? (delivery.UserId, delivery.Sequence) : default);
    }

    [Fact]
    public async Task Who_looks_at_the_room_is_called_and_who_looks_at_the_thread_only_after_a_while()
    {
        var (ada, zoe) = (await _site.AddCallableAsync("Ada"), await _site.AddCallableAsync("Zoe"));
        var roomId = await _site.AddRoomAsync(ada, zoe);
        await _site.SendMessageAsync(ada, roomId, "root");
        using var page = _site.Database.Presence.Open(ada);
        page.RoomId = roomId;
        await ReplyAsync(zoe, roomId, "one");
        await _site.DispatchAsync();
        page.ThreadRoot = 1;
        await ReplyAsync(zoe, roomId, "two");
        await _site.DispatchAsync();

        var deliveries = (await _site.ReadDeliveriesAsync()).OrderByDescending(delivery => delivery.Sequence).ToArray();
        Assert.Equal([ada.UserId, ada.UserId], deliveries.Select(delivery => delivery.UserId));
        Assert.True(deliveries[0].DueAt < _site.Time.GetUtcNow().UtcDateTime);
        Assert.Equal(_site.Time.GetUtcNow().UtcDateTime + CallDispatcher.WatchingDelay, deliveries[1].DueAt);
    }

    private Task<MessageView> ReplyAsync(ClaimsPrincipal author, int roomId, string text) =>
        _site.Database.Conversation.ReplyAsync(author, roomId, 1, Guid.NewGuid(), text, [], isInRoom: false, default);
}
