using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Notifications.Outbox;
using BlazorChat.Rooms.Members;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorChat.Tests.Notifications.Outbox;

public sealed class DeliveryDispatcherTests : IAsyncLifetime
{
    private PushService _service = null!;
    private OutboxSite _site = null!;
    private SendingNode _node = null!;
    private ClaimsPrincipal _zoe = null!;

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

    [Fact]
    public async Task A_mention_arrives_with_its_author_its_room_and_the_unread_total()
    {
        var (ada, zoe) = (await _site.Database.AddPersonAsync("Ada"), await _site.AddCallableAsync("Zoe", _service));
        var room = await _site.Database.Rooms.CreateAsync(ada, "General", RoomKind.Open, default);
        await _site.Database.Rooms.JoinAsync(zoe, room.Id, default);
        await _site.SendMessageAsync(ada, room.Id, "Nobody in particular");
        await _site.SendMessageAsync(ada, room.Id, "**Hello** @zoe, " + string.Concat(Enumerable.Repeat("look ", 100)));

        await _site.DispatchAsync();
        Assert.Equal(1, await _node.SendAsync());

        var delivery = await _service.ReceiveAsync("Zoe");
        var json = delivery.Json;
        Assert.Equal("message", json.GetProperty("kind").GetString());
        Assert.Equal($"room-{room.Id}-2", json.GetProperty("tag").GetString());
        Assert.Equal("Ada in General", json.GetProperty("title").GetString());
        Assert.StartsWith("Hello @Zoe, look look", json.GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.InRange(json.GetProperty("body").GetString()!.Length, 100, DeliveryPlanner.MaxText);
        Assert.Equal($"/rooms/{room.Id}#m-2", json.GetProperty("url").GetString());
        Assert.Equal(2, json.GetProperty("badge").GetInt64());
        Assert.Equal(2, json.GetProperty("revision").GetInt64());
        Assert.Equal(($"room-{room.Id}-2", "high"), (delivery.Topic, delivery.Urgency));
        Assert.InRange(delivery.TimeToLive, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        var row = Assert.Single(await _site.ReadDeliveriesAsync());
        Assert.Equal((null, 2, 0), (row.DueAt, row.ShownRevision, row.Attempts));
        Assert.Equal(0, await _node.SendAsync());
    }

    [Fact]
    public async Task A_notification_is_in_the_language_that_its_person_chose()
    {
        var (ada, zoe) = (await _site.Database.AddPersonAsync("Ada"), await _site.AddCallableAsync("Zoe", _service));
        var room = await _site.Database.Rooms.CreateAsync(ada, "General", RoomKind.Open, default);
        await _site.Database.Rooms.JoinAsync(zoe, room.Id, default);
        var zoeId = zoe.UserId;
        await using (var db = await _site.Database.OpenAsync())
        {
            await db.Users.Where(user => user.Id == zoeId).ExecuteUpdateAsync(
                user => user.SetProperty(u => u.Language, "ko").SetProperty(u => u.SeenLanguage, "en"));
        }

        await _site.SendMessageAsync(ada, room.Id, "@zoe look");
        await _site.DispatchAsync();
        await _node.SendAsync();

        Assert.Equal("Ada 님 (General)", (await _service.ReceiveAsync("Zoe")).Json.GetProperty("title").GetString());
    }

    [Fact]
    public async Task A_direct_message_has_its_author_alone_as_the_title_and_one_in_a_group_its_people()
    {
        var (ada, zoe, max) = (await _site.Database.AddPersonAsync("Ada"), await _site.AddCallableAsync("Zoe", _service), await _site.Database.AddPersonAsync("Max"));
        var two = await _site.Database.DirectRooms.OpenAsync(ada, [zoe.UserId], default);
        var group = await _site.Database.DirectRooms.OpenAsync(ada, [zoe.UserId, max.UserId], default);
        await _site.SendMessageAsync(ada, two.RoomId, "hello");
        await _site.SendMessageAsync(ada, group.RoomId, "hello all");

        await _site.DispatchAsync();
        await _node.SendAsync();

        var titles = new[] { await TitleAsync(), await TitleAsync() };
        Assert.Equal(["Ada", "Ada in Ada, Max"], titles.Order(StringComparer.Ordinal));

        async Task<string?> TitleAsync() => (await _service.ReceiveAsync("Zoe")).Json.GetProperty("title").GetString();
    }

    [Fact]
    public async Task An_edit_replaces_what_is_shown_and_an_edit_before_it_is_sent_is_sent_once()
    {
        var (ada, roomId) = await ShowAsync("@zoe first");
        await _site.Database.Conversation.EditAsync(ada, roomId, 1, "@zoe second", default);
        await _site.Database.Conversation.EditAsync(ada, roomId, 1, "@zoe third", default);

        await _site.DispatchAsync();
        await _node.SendAsync();

        var json = (await _service.ReceiveAsync("Zoe")).Json;
        Assert.Equal(("@Zoe third", 3, $"room-{roomId}-1"), (json.GetProperty("body").GetString(), json.GetProperty("revision").GetInt64(), json.GetProperty("tag").GetString()));
        Assert.True(json.GetProperty("replaces").GetBoolean());
        Assert.Equal(0, _service.WaitingFor("Zoe"));
    }

    [Fact]
    public async Task An_edit_does_not_take_the_place_of_a_text_that_was_not_delivered_yet()
    {
        var (ada, roomId) = await ShowAsync("@zoe first");
        await _site.Database.Conversation.EditAsync(ada, roomId, 1, "@zoe second", default);
        await _site.DispatchAsync();
        await _node.SendAsync();
        var edit = await _service.ReceiveAsync("Zoe");
        await _site.Database.Conversation.DeleteAsync(ada, roomId, 1, default);
        await _site.DispatchAsync();
        await _node.SendAsync();

        Assert.Equal(($"edit-{roomId}-1", $"room-{roomId}-1"), (edit.Topic, (await _service.ReceiveAsync("Zoe")).Topic));
    }

    [Fact]
    public async Task Messages_that_are_read_one_after_the_other_are_withdrawn_together()
    {
        var (ada, roomId) = await ShowAsync("@zoe one");
        foreach (var text in new[] { "@zoe two", "@zoe three", "@zoe four" })
            await _site.SendMessageAsync(ada, roomId, text);
        await _site.DispatchAsync();
        await _node.SendAsync();
        for (var i = 0; i < 3; i++)
            await _service.ReceiveAsync("Zoe");

        foreach (var sequence in new[] { 1, 2, 3 })
        {
            await _site.Database.Conversation.MarkReadAsync(_zoe, roomId, sequence, default);
            _site.Time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(0, await _node.SendAsync());
        }

        // A service that fails is asked again for all of them.
        await _service.AnswerAsync("Zoe", 503);
        _site.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, await _node.SendAsync());
        await _service.AnswerAsync("Zoe", 201);
        _site.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await _node.SendAsync());

        var (refused, json) = ((await _service.ReceiveAsync("Zoe")).Json, (await _service.ReceiveAsync("Zoe")).Json);
        Assert.Equal($"{refused}", $"{json}");
        Assert.Equal(("clear", $"room-{roomId}-3"), (json.GetProperty("kind").GetString(), json.GetProperty("tag").GetString()));
        Assert.Equal(
            new[] { 3, 2, 1 }.Select(sequence => $"room-{roomId}-{sequence}"), json.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.Equal(4, Assert.Single(await _site.ReadDeliveriesAsync()).Sequence);
        Assert.Equal(0, _service.WaitingFor("Zoe"));
    }

    [Theory]
    [InlineData("read")]
    [InlineData("hidden")]
    [InlineData("written")]
    [InlineData("left")]
    [InlineData("removed")]
    [InlineData("deleted")]
    [InlineData("room archived")]
    [InlineData("room deleted")]
    public async Task What_is_shown_is_withdrawn_once(string why)
    {
        var (ada, roomId) = await ShowAsync("@zoe look");
        var zoe = _zoe;
        await (why switch
        {
            "read" => _site.Database.Conversation.MarkReadAsync(zoe, roomId, 1, default),
            "written" => _site.SendMessageAsync(zoe, roomId, "I see"),
            "left" => _site.Database.Owners.LeaveAsync(zoe, roomId, null, default),
            "removed" => _site.Database.Services.GetRequiredService<RoomMembers>().RemoveAsync(ada, roomId, zoe.UserId, default),
            "hidden" => _site.Database.Preferences.HideAsync(zoe, roomId, default),
            "deleted" => _site.Database.Conversation.DeleteAsync(ada, roomId, 1, default),
            "room archived" => _site.Database.RoomLifecycle.ArchiveAsync(ada, roomId, default),
            _ => DeleteRoomAsync(),
        });

        await _site.DispatchAsync();
        await _node.SendAsync();

        var json = (await _service.ReceiveAsync("Zoe")).Json;
        Assert.Equal(("clear", $"room-{roomId}-1"), (json.GetProperty("kind").GetString(), json.GetProperty("tag").GetString()));
        Assert.Empty(await _site.ReadDeliveriesAsync());
        Assert.Equal(0, await _node.SendAsync());

        async Task DeleteRoomAsync()
        {
            await _site.Database.RoomLifecycle.DeleteAsync(ada, roomId, default);
            // Also after the room itself is removed.
            await using var db = await _site.Database.OpenAsync();
            while (await BlazorChat.Rooms.Directory.RoomRemoval.RemoveRowsAsync(db, roomId, [], default))
            {
            }
        }
    }

    [Theory]
    [InlineData("read")]
    [InlineData("deleted")]
    [InlineData("left")]
    [InlineData("muted")]
    [InlineData("not disturbed")]
    public async Task What_is_not_to_be_shown_any_more_is_not_sent(string why)
    {
        var (ada, zoe) = (await _site.Database.AddPersonAsync("Ada"), await _site.AddCallableAsync("Zoe", _service));
        var roomId = await _site.AddRoomAsync(ada, zoe);
        await _site.SendMessageAsync(ada, roomId, "@zoe look");
        await _site.DispatchAsync();
        await (why switch
        {
            "read" => _site.Database.Conversation.MarkReadAsync(zoe, roomId, 1, default),
            "deleted" => _site.Database.Conversation.DeleteAsync(ada, roomId, 1, default),
            "left" => _site.Database.Owners.LeaveAsync(zoe, roomId, null, default),
            "muted" => _site.Database.Preferences.SetLevelAsync(zoe, roomId, RoomLevel.Nothing, default),
            _ => _site.Preferences.SetDoNotDisturbAsync(zoe, _site.Time.GetUtcNow().UtcDateTime.AddHours(1), default),
        });

        await _node.SendAsync();

        Assert.Equal(0, _service.WaitingFor("Zoe"));
        Assert.Empty(await _site.ReadDeliveriesAsync());
    }

    [Fact]
    public async Task What_is_read_while_it_is_sent_is_withdrawn()
    {
        var (ada, zoe) = (await _site.Database.AddPersonAsync("Ada"), await _site.AddCallableAsync("Zoe", _service));
        var roomId = await _site.AddRoomAsync(ada, zoe);
        await _site.SendMessageAsync(ada, roomId, "@zoe look");
        await _site.DispatchAsync();

        await _service.StallAsync("Zoe");
        var sending = await _node.StartAsync();
        Assert.Equal("message", (await _service.ReceiveAsync("Zoe")).Json.GetProperty("kind").GetString());
        await _site.Database.Conversation.MarkReadAsync(zoe, roomId, 1, default);
        await _service.AnswerAsync("Zoe", 201);
        await Task.WhenAll(sending).WaitAsync(TestWait.Limit);
        await _node.SendAsync();

        Assert.Equal("clear", (await _service.ReceiveAsync("Zoe")).Json.GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_subscription_that_has_ended_removes_the_device_and_no_other(int status)
    {
        var (ada, zoe) = (await _site.Database.AddPersonAsync("Ada"), await _site.AddCallableAsync("Zoe", _service));
        var other = await _site.SubscribeAsync(zoe, "Laptop", _service);
        await _service.AnswerAsync("Zoe", status);
        var roomId = await _site.AddRoomAsync(ada, zoe);
        await _site.SendMessageAsync(ada, roomId, "@zoe look");

        await _site.DispatchAsync();
        await _node.SendAsync();

        await using var db = await _site.Database.OpenAsync();
        Assert.Equal(other.Id, (await db.PushDevices.SingleAsync()).Id);
        Assert.Equal(other.Id, Assert.Single(await _site.ReadDeliveriesAsync()).DeviceId);
        await _service.ReceiveAsync("Laptop");
    }

    [Fact]
    public async Task A_message_that_is_refused_is_dropped_and_the_device_stays()
    {
        await ShowAsync("@zoe look", status: 413);

        Assert.Empty(await _site.ReadDeliveriesAsync());
        await using var db = await _site.Database.OpenAsync();
        Assert.Equal(1, await db.PushDevices.CountAsync());
    }

    [Fact]
    public async Task A_service_that_asks_to_wait_is_asked_again_then_and_not_before()
    {
        await ShowAsync("@zoe look", status: 429, retryAfter: "90");
        await _service.AnswerAsync("Zoe", 201);

        _site.Time.Advance(TimeSpan.FromSeconds(89));
        Assert.Equal(0, await _node.SendAsync());
        _site.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await _node.SendAsync());

        await _service.ReceiveAsync("Zoe");
        Assert.Equal(1, Assert.Single(await _site.ReadDeliveriesAsync()).ShownRevision);
    }

    [Fact]
    public async Task A_broken_service_is_tried_with_growing_delays_and_given_up_within_a_day()
    {
        await ShowAsync("@zoe look", status: 500);
        var (begun, attempts) = (_site.Time.GetUtcNow(), 1);
        while (await _site.ReadDeliveriesAsync() is [{ DueAt: { } due }])
        {
            // The pause of the service is shorter than the delay of the message.
            _site.Time.SetUtcNow(due.AddMinutes(1));
            attempts += await _node.SendAsync();
        }

        Assert.Equal(DeliveryResults.Delays.Count + 1, attempts);
        Assert.InRange(_site.Time.GetUtcNow() - begun, TimeSpan.FromHours(12), TimeSpan.FromHours(24));
    }

    [Fact]
    public async Task A_service_that_does_not_answer_delays_no_other_and_no_message()
    {
        await using var other = await PushService.StartAsync();
        await using var node = _site.CreateNode(_service, other);
        var ada = await _site.Database.AddPersonAsync("Ada");
        var roomId = await _site.AddRoomAsync(ada);
        for (var i = 0; i < PushThrottle.MaxPerHost + 2; i++)
        {
            var person = await _site.AddCallableAsync($"Slow{i}", _service);
            await _site.Database.Rooms.JoinAsync(person, roomId, default);
            await _service.StallAsync($"Slow{i}");
        }

        var zoe = await _site.AddCallableAsync("Zoe", other);
        await _site.Database.Rooms.JoinAsync(zoe, roomId, default);
        await _site.SendMessageAsync(ada, roomId, "@room look");
        await _site.DispatchAsync();

        var sending = await node.StartAsync();

        Assert.Equal(PushThrottle.MaxPerHost + 1, sending.Count);
        await other.ReceiveAsync("Zoe");
        await (await Task.WhenAny(sending)).WaitAsync(TestWait.Limit);
        for (var i = 0; i < 100; i++)
            await _site.SendMessageAsync(ada, roomId, "no call").WaitAsync(TestWait.Limit);
        Assert.Equal(PushThrottle.MaxPerHost, sending.Count(one => !one.IsCompleted));
        Assert.Empty(await node.StartAsync());
        // The stalled ones end by their timeout, and their service gets one at a time now.
        _site.Time.Advance(BlazorChat.Notifications.Push.PushSender.Timeout);
        await Task.WhenAll(sending).WaitAsync(TestWait.Limit);
        _site.Time.Advance(DeliveryResults.Delays[0] + TimeSpan.FromMinutes(1));
        var one = Assert.Single(await node.StartAsync());
        _site.Time.Advance(BlazorChat.Notifications.Push.PushSender.Timeout);
        await one.WaitAsync(TestWait.Limit);
    }

    [Fact]
    public async Task Two_nodes_send_each_notification_once()
    {
        await using var second = _site.CreateNode(_service);
        var ada = await _site.Database.AddPersonAsync("Ada");
        var roomId = await _site.AddRoomAsync(ada);
        for (var i = 0; i < 40; i++)
            await _site.Database.Rooms.JoinAsync(await _site.AddCallableAsync($"Person{i}", _service), roomId, default);
        await _site.SendMessageAsync(ada, roomId, "@room look");
        await _site.DispatchAsync();

        var sent = await Task.WhenAll(_node.SendAsync(), second.SendAsync());

        Assert.Equal(40, sent.Sum());
        for (var i = 0; i < 40; i++)
            await _service.ReceiveAsync($"Person{i}");
        Assert.DoesNotContain(Enumerable.Range(0, 40), i => _service.WaitingFor($"Person{i}") > 0);
    }

    [Fact]
    public async Task What_a_killed_node_was_sending_is_sent_by_another_one_after_the_lease_with_the_same_tag()
    {
        var (ada, zoe) = (await _site.Database.AddPersonAsync("Ada"), await _site.AddCallableAsync("Zoe", _service));
        var roomId = await _site.AddRoomAsync(ada, zoe);
        await _site.SendMessageAsync(ada, roomId, "@zoe look");
        await _site.DispatchAsync();
        await _service.StallAsync("Zoe");
        using var kill = new CancellationTokenSource();
        var sending = await _node.StartAsync(kill.Token);
        var first = await _service.ReceiveAsync("Zoe");
        await kill.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(sending));
        await _service.AnswerAsync("Zoe", 201);
        await using var other = _site.CreateNode(_service);

        Assert.Equal(0, await other.SendAsync());
        _site.Time.Advance(DeliveryDispatcher.LeaseDuration);
        Assert.Equal(1, await other.SendAsync());

        var second = await _service.ReceiveAsync("Zoe");
        Assert.Equal(first.Topic, second.Topic);
        Assert.Equal(first.Json.GetProperty("tag").GetString(), second.Json.GetProperty("tag").GetString());
    }

    [Fact]
    public async Task What_a_person_looks_at_is_compared_again_until_they_look_elsewhere()
    {
        var (ada, zoe) = (await _site.Database.AddPersonAsync("Ada"), await _site.AddCallableAsync("Zoe", _service));
        var roomId = await _site.AddRoomAsync(ada, zoe);
        var window = _site.Database.Presence.Open(zoe);
        window.RoomId = roomId;
        await _site.SendMessageAsync(ada, roomId, "@zoe look");
        await _site.DispatchAsync();

        for (var i = 1; i <= 5; i++)
        {
            window.Touch();
            _site.Time.Advance(CallDispatcher.WatchingDelay - TimeSpan.FromSeconds(1));
            Assert.Equal(0, await _node.SendAsync());
            _site.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(1, await _node.SendAsync());
            var row = Assert.Single(await _site.ReadDeliveriesAsync());
            Assert.Equal((_site.Time.GetUtcNow().UtcDateTime + CallDispatcher.WatchingDelay, 0), (row.DueAt, row.Attempts));
        }

        Assert.Equal(0, _service.WaitingFor("Zoe"));
        window.RoomId = null;
        _site.Time.Advance(CallDispatcher.WatchingDelay);
        await _node.SendAsync();
        Assert.Equal("@Zoe look", (await _service.ReceiveAsync("Zoe")).Json.GetProperty("body").GetString());
    }

    [Fact]
    public async Task What_a_person_looks_at_for_a_day_is_forgotten()
    {
        var (ada, zoe) = (await _site.Database.AddPersonAsync("Ada"), await _site.AddCallableAsync("Zoe", _service));
        var roomId = await _site.AddRoomAsync(ada, zoe);
        using var window = _site.Database.Presence.Open(zoe);
        window.RoomId = roomId;
        await _site.SendMessageAsync(ada, roomId, "@zoe look");
        await _site.DispatchAsync();

        _site.Time.Advance(BlazorChat.Rooms.Outbox.PushOutbox.MaxAge - TimeSpan.FromMinutes(1));
        window.Touch();
        await _node.SendAsync();
        Assert.Single(await _site.ReadDeliveriesAsync());
        _site.Time.Advance(CallDispatcher.WatchingDelay);
        await _node.SendAsync();

        Assert.Empty(await _site.ReadDeliveriesAsync());
        Assert.Equal(0, _service.WaitingFor("Zoe"));
    }

    [Fact]
    public async Task Of_deliveries_that_were_sent_when_nodes_stopped_each_is_sent_alone_and_one_that_stops_them_is_given_up()
    {
        var ada = await _site.Database.AddPersonAsync("Ada");
        var roomId = await _site.AddRoomAsync(ada);
        foreach (var name in new[] { "Poison", "Max", "Eve" })
            await _site.Database.Rooms.JoinAsync(await _site.AddCallableAsync(name, _service), roomId, default);
        await _site.SendMessageAsync(ada, roomId, "@room look");
        await _site.DispatchAsync();
        var poison = (await _site.ReadDeliveriesAsync())[0].Id;

        for (var i = 0; i < 2; i++)
            Assert.Equal(3, await StopAsync());
        for (var attempt = 3; attempt <= DeliveryDispatcher.MaxAttempts; attempt++)
        {
            Assert.Equal(1, await StopAsync());
            var rows = await _site.ReadDeliveriesAsync();
            Assert.Equal([attempt, 2, 2], rows.Select(row => row.Attempts));
            Assert.Equal(poison, rows[0].Id);
        }

        Assert.Equal(3, await _node.SendAsync());

        Assert.Equal(0, _service.WaitingFor("Poison"));
        await _service.ReceiveAsync("Max");
        await _service.ReceiveAsync("Eve");
        Assert.All(await _site.ReadDeliveriesAsync(), row => Assert.Equal((0, 1), (row.Attempts, row.ShownRevision)));
        Assert.DoesNotContain(await _site.ReadDeliveriesAsync(), row => row.Id == poison);

        // A node leases, and stops before anything is sent.
        async Task<int> StopAsync()
        {
            using var stopped = new CancellationTokenSource();
            await using var node = _site.CreateNode(_service);
            var held = await node.LeaseAsync();
            _site.Time.Advance(DeliveryDispatcher.LeaseDuration);
            return held;
        }
    }

    [Fact]
    public async Task What_is_shown_is_forgotten_after_a_day()
    {
        await ShowAsync("@zoe look");
        using var sweep = new DeliverySweep(_site.Databases, _site.Time, NullLogger<DeliverySweep>.Instance);
        _site.Time.Advance(TimeSpan.FromHours(23));
        await sweep.SweepAsync(default);
        Assert.Single(await _site.ReadDeliveriesAsync());
        _site.Time.Advance(TimeSpan.FromHours(1));

        await sweep.SweepAsync(default);

        Assert.Empty(await _site.ReadDeliveriesAsync());
    }

    /// <summary>Ada writes a message that Zoe's device shows.</summary>
    private async Task<(ClaimsPrincipal Ada, int RoomId)> ShowAsync(
        string text, int status = 201, string? retryAfter = null)
    {
        var ada = await _site.Database.AddPersonAsync("Ada");
        _zoe = await _site.AddCallableAsync("Zoe", _service);
        await _service.AnswerAsync("Zoe", status, retryAfter);
        var roomId = await _site.AddRoomAsync(ada, _zoe);
        await _site.SendMessageAsync(ada, roomId, text);
        await _site.DispatchAsync();
        Assert.Equal(1, await _node.SendAsync());
        await _service.ReceiveAsync("Zoe");
        return (ada, roomId);
    }
}
