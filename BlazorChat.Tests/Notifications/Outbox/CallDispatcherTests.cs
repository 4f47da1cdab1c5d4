using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Notifications.Outbox;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Notifications.Outbox;

public sealed class CallDispatcherTests
{
    [Fact]
    public async Task A_message_calls_the_devices_of_those_whom_it_mentions_after_the_delay()
    {
        await using var site = await OutboxSite.CreateAsync();
        var (ada, zoe, max) = (await site.AddCallableAsync("Ada"), await site.AddCallableAsync("Zoe"), await site.AddCallableAsync("Max"));
        await site.AddDeviceAsync(zoe);
        var roomId = await site.AddRoomAsync(ada, zoe, max);
        await site.SendMessageAsync(ada, roomId, "@zoe look");

        Assert.Equal(0, await site.CreateDispatcher().DispatchAsync(default));
        await site.DispatchAsync();

        var deliveries = await site.ReadDeliveriesAsync();
        Assert.Equal(2, deliveries.Count);
        Assert.All(deliveries, delivery => Assert.Equal((zoe.UserId, roomId, 1, "push.example.org"), (delivery.UserId, delivery.RoomId, delivery.Sequence, delivery.Host)));
        Assert.Empty(await site.ReadNotificationsAsync());
    }

    [Fact]
    public async Task A_room_without_devices_and_a_repeated_send_add_no_row()
    {
        await using var site = await OutboxSite.CreateAsync();
        var (ada, zoe) = (await site.Database.AddPersonAsync("Ada"), await site.Database.AddPersonAsync("Zoe"));
        var roomId = await site.AddRoomAsync(ada, zoe);
        await site.SendMessageAsync(ada, roomId, "@zoe look");
        Assert.Empty(await site.ReadNotificationsAsync());

        await site.AddDeviceAsync(zoe);
        var id = Guid.NewGuid();
        await site.Database.Conversation.SendAsync(ada, roomId, id, "@zoe look again", default);
        await site.Database.Conversation.SendAsync(ada, roomId, id, "@zoe look again", default);

        Assert.Equal(2, Assert.Single(await site.ReadNotificationsAsync()).Sequence);
    }

    [Theory]
    // The level of the room, that of the person, and whether a plain message, a mention of the room and a mention of the person call.
    [InlineData(null, null, false, true, true)]
    [InlineData(null, RoomLevel.Everything, true, true, true)]
    [InlineData(null, RoomLevel.Nothing, false, false, false)]
    [InlineData(RoomLevel.Everything, RoomLevel.Nothing, true, true, true)]
    [InlineData(RoomLevel.Mentions, RoomLevel.Everything, false, true, true)]
    [InlineData(RoomLevel.Nothing, RoomLevel.Everything, false, false, false)]
    public async Task The_level_of_the_room_comes_before_that_of_the_person(
        RoomLevel? ofRoom, RoomLevel? ofPerson, bool plainCalls, bool roomCalls, bool mentionCalls)
    {
        await using var site = await OutboxSite.CreateAsync();
        var (ada, zoe) = (await site.Database.AddPersonAsync("Ada"), await site.AddCallableAsync("Zoe"));
        var roomId = await site.AddRoomAsync(ada, zoe);
        if (ofRoom is { } level)
            await site.Database.Preferences.SetLevelAsync(zoe, roomId, level, default);
        if (ofPerson is { } general)
            await site.Preferences.SetRoomLevelAsync(zoe, general, default);
        foreach (var text in new[] { "plain", "@room look", "@zoe look" })
            await site.SendMessageAsync(ada, roomId, text);

        await site.DispatchAsync();

        var called = (await site.ReadDeliveriesAsync()).Select(delivery => delivery.Sequence);
        Assert.Equal(new[] { plainCalls, roomCalls, mentionCalls }.Index().Where(calls => calls.Item).Select(calls => calls.Index + 1L), called);
    }

    [Fact]
    public async Task A_direct_message_calls_whatever_the_level_of_rooms_is()
    {
        await using var site = await OutboxSite.CreateAsync();
        var (ada, zoe) = (await site.AddCallableAsync("Ada"), await site.AddCallableAsync("Zoe"));
        await site.Preferences.SetRoomLevelAsync(zoe, RoomLevel.Nothing, default);
        var direct = await site.Database.DirectRooms.OpenAsync(ada, [zoe.UserId], default);
        await site.SendMessageAsync(ada, direct.RoomId, "hello");

        await site.DispatchAsync();

        Assert.Equal(zoe.UserId, Assert.Single(await site.ReadDeliveriesAsync()).UserId);
    }

    [Theory]
    [InlineData("read")]
    [InlineData("hidden")]
    [InlineData("left")]
    [InlineData("removed")]
    [InlineData("joined again")]
    [InlineData("banned")]
    [InlineData("deleted")]
    [InlineData("room archived")]
    [InlineData("room deleted")]
    [InlineData("not disturbed")]
    [InlineData("signed out")]
    [InlineData("session expired")]
    [InlineData("too old")]
    public async Task Nobody_is_called_who_has_read_it_or_may_not_or_does_not_want_to(string why)
    {
        await using var site = await OutboxSite.CreateAsync();
        var (ada, zoe) = (await site.Database.AddPersonAsync("Ada"), await site.AddCallableAsync("Zoe"));
        var roomId = await site.AddRoomAsync(ada, zoe);
        await site.SendMessageAsync(ada, roomId, "@zoe look");
        await (why switch
        {
            "read" => site.Database.Conversation.MarkReadAsync(zoe, roomId, 1, default),
            "hidden" => site.Database.Preferences.HideAsync(zoe, roomId, default),
            "left" => site.Database.Owners.LeaveAsync(zoe, roomId, null, default),
            "removed" => site.Database.Services.GetRequiredService<RoomMembers>().RemoveAsync(ada, roomId, zoe.UserId, default),
            "joined again" => JoinAgainAsync(),
            "banned" => BanAsync(),
            "deleted" => site.Database.Conversation.DeleteAsync(ada, roomId, 1, default),
            "room archived" => site.Database.RoomLifecycle.ArchiveAsync(ada, roomId, default),
            "room deleted" => site.Database.RoomLifecycle.DeleteAsync(ada, roomId, default),
            "not disturbed" => site.Preferences.SetDoNotDisturbAsync(zoe, site.Time.GetUtcNow().UtcDateTime.AddHours(1), default),
            "signed out" => SignOutAsync(),
            "session expired" => ExpireAsync(),
            _ => Advance(site.Time),
        });

        await site.DispatchAsync();

        Assert.Empty(await site.ReadDeliveriesAsync());
        Assert.Empty(await site.ReadNotificationsAsync());

        async Task JoinAgainAsync()
        {
            await site.Database.Owners.LeaveAsync(zoe, roomId, null, default);
            site.Time.Advance(TimeSpan.FromSeconds(1));
            await site.Database.Rooms.JoinAsync(zoe, roomId, default);
        }

        async Task BanAsync()
        {
            var id = zoe.UserId;
            await using var db = await site.Database.OpenAsync();
            await db.Users.Where(user => user.Id == id).ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, DateTime.UnixEpoch));
        }

        async Task ExpireAsync()
        {
            var now = site.Time.GetUtcNow().UtcDateTime;
            await using var db = await site.Database.OpenAsync();
            await db.UserSessions.ExecuteUpdateAsync(session => session.SetProperty(s => s.ExpiresAt, now));
        }

        async Task SignOutAsync()
        {
            await using var db = await site.Database.OpenAsync();
            await db.UserSessions.ExecuteDeleteAsync();
        }

        static Task Advance(FakeTimeProvider time)
        {
            time.Advance(PushOutbox.MaxAge);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Who_looks_at_the_room_is_called_only_if_they_have_not_read_it_after_a_while()
    {
        await using var site = await OutboxSite.CreateAsync();
        var (ada, zoe) = (await site.Database.AddPersonAsync("Ada"), await site.AddCallableAsync("Zoe"));
        var roomId = await site.AddRoomAsync(ada, zoe);
        using var page = site.Database.Presence.Open(zoe);
        page.RoomId = roomId;
        await site.SendMessageAsync(ada, roomId, "@zoe look");

        await site.DispatchAsync();

        var delivery = Assert.Single(await site.ReadDeliveriesAsync());
        Assert.Equal(site.Time.GetUtcNow().UtcDateTime + CallDispatcher.WatchingDelay, delivery.DueAt);
    }

    [Fact]
    public async Task What_came_in_quiet_hours_does_not_call_when_they_end()
    {
        await using var site = await OutboxSite.CreateAsync();
        var (ada, zoe) = (await site.Database.AddPersonAsync("Ada"), await site.AddCallableAsync("Zoe"));
        var roomId = await site.AddRoomAsync(ada, zoe);
        await site.Preferences.SetQuietHoursAsync(zoe, new(new TimeOnly(11, 0), new TimeOnly(13, 0)), "UTC", default);
        await site.SendMessageAsync(ada, roomId, "@zoe in the quiet hours");
        await site.DispatchAsync();
        site.Time.Advance(TimeSpan.FromHours(1));
        await site.SendMessageAsync(ada, roomId, "@zoe after them");

        await site.DispatchAsync();

        Assert.Equal(2, Assert.Single(await site.ReadDeliveriesAsync()).Sequence);
    }

    [Fact]
    public async Task An_edit_calls_whom_it_mentions_and_only_them_and_makes_the_others_due_again()
    {
        await using var site = await OutboxSite.CreateAsync();
        var (ada, zoe, max, eve) = (await site.Database.AddPersonAsync("Ada"), await site.AddCallableAsync("Zoe"), await site.AddCallableAsync("Max"), await site.AddCallableAsync("Eve"));
        var roomId = await site.AddRoomAsync(ada, zoe, max, eve);
        await site.SendMessageAsync(ada, roomId, "@zoe look");
        await site.DispatchAsync();
        // Eve's level is higher now, but the message was not for her when it was sent.
        await site.Database.Preferences.SetLevelAsync(eve, roomId, RoomLevel.Everything, default);

        await site.Database.Conversation.EditAsync(ada, roomId, 1, "@zoe and @max look", default);
        await site.DispatchAsync();

        var deliveries = await site.ReadDeliveriesAsync();
        Assert.Equal([(zoe.UserId, 1), (max.UserId, 0)], deliveries.Select(delivery => (delivery.UserId, delivery.Changes)));
        Assert.Empty(await site.ReadNotificationsAsync());
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
    public async Task What_a_device_shows_is_due_again_when_the_person_should_not_see_it_any_more(string why)
    {
        await using var site = await OutboxSite.CreateAsync();
        var (ada, zoe, max) = (await site.Database.AddPersonAsync("Ada"), await site.AddCallableAsync("Zoe"), await site.AddCallableAsync("Max"));
        var roomId = await site.AddRoomAsync(ada, zoe, max);
        await site.SendMessageAsync(ada, roomId, "@room look");
        await site.DispatchAsync();
        await using (var db = await site.Database.OpenAsync())
            await db.PushDeliveries.ExecuteUpdateAsync(d => d.SetProperty(x => x.DueAt, (DateTime?)null).SetProperty(x => x.ShownRevision, 1));

        await (why switch
        {
            "read" => site.Database.Conversation.MarkReadAsync(zoe, roomId, 1, default),
            "written" => site.SendMessageAsync(zoe, roomId, "I see"),
            "left" => site.Database.Owners.LeaveAsync(zoe, roomId, null, default),
            "removed" => site.Database.Services.GetRequiredService<RoomMembers>().RemoveAsync(ada, roomId, zoe.UserId, default),
            "hidden" => site.Database.Preferences.HideAsync(zoe, roomId, default),
            "deleted" => site.Database.Conversation.DeleteAsync(ada, roomId, 1, default),
            "room archived" => site.Database.RoomLifecycle.ArchiveAsync(ada, roomId, default),
            _ => site.Database.RoomLifecycle.DeleteAsync(ada, roomId, default),
        });
        await site.DispatchAsync();

        var isForAll = why.EndsWith("deleted", StringComparison.Ordinal) || why == "room archived";
        var due = (await site.ReadDeliveriesAsync()).Where(delivery => delivery.DueAt is not null).Select(delivery => (delivery.UserId, delivery.Changes));
        Assert.Equal(isForAll ? [(zoe.UserId, 1), (max.UserId, 1)] : [(zoe.UserId, 1)], due);
    }

    [Fact]
    public async Task Two_nodes_call_everybody_of_a_large_room_once_page_by_page()
    {
        await using var site = await OutboxSite.CreateAsync();
        var ada = await site.Database.AddPersonAsync("Ada");
        var roomId = await site.AddRoomAsync(ada);
        const int pageSize = 10;
        const int people = 2 * pageSize;
        await AddMembersAsync(site, roomId, people);
        await site.SendMessageAsync(ada, roomId, "@room look");
        site.Time.Advance(OutboxSite.Delay);
        var first = site.CreateDispatcher(pageSize);

        // The node stops within the work: its clock does not advance, so it waits after the first page.
        using var stop = new CancellationTokenSource();
        var stopped = first.DispatchAsync(stop.Token);
        await site.Outbox.WaitForDeliveriesAsync(TestWait.Limit, default);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
        Assert.Equal(pageSize, (await site.ReadDeliveriesAsync()).Count);
        Assert.Equal(0, await site.CreateDispatcher().DispatchAsync(default));
        site.Time.Advance(CallDispatcher.LeaseDuration);
        var others = Task.WhenAll(site.CreateDispatcher(pageSize).DispatchAsync(default), site.CreateDispatcher(pageSize).DispatchAsync(default));
        while (!others.IsCompleted)
        {
            site.Time.Advance(TimeSpan.FromMicroseconds(100));
            await Task.Yield();
        }

        Assert.Equal(1, (await others).Sum());
        var deliveries = await site.ReadDeliveriesAsync();
        Assert.Equal(people, deliveries.Select(delivery => delivery.UserId).Distinct().Count());
        Assert.Equal(people, deliveries.Count);
        Assert.Empty(await site.ReadNotificationsAsync());
    }

    [Fact]
    public async Task A_message_that_stops_its_nodes_is_given_up_and_others_call()
    {
        await using var site = await OutboxSite.CreateAsync();
        var (ada, zoe) = (await site.Database.AddPersonAsync("Ada"), await site.AddCallableAsync("Zoe"));
        var roomId = await site.AddRoomAsync(ada, zoe);
        await site.SendMessageAsync(ada, roomId, "@zoe poison");
        await site.SendMessageAsync(ada, roomId, "@zoe leased with it");
        site.Time.Advance(OutboxSite.Delay);

        for (var i = 0; i < 2; i++)
            Assert.Equal(2, await StopAsync());
        for (var attempt = 3; attempt <= CallDispatcher.MaxAttempts; attempt++)
        {
            Assert.Equal(1, await StopAsync());
            Assert.Equal([attempt, 2], (await site.ReadNotificationsAsync()).Select(row => row.Attempts));
        }

        await site.DispatchAsync();

        Assert.Equal(2, Assert.Single(await site.ReadDeliveriesAsync()).Sequence);
        Assert.Empty(await site.ReadNotificationsAsync());

        // A node leases, and stops before it has computed anything.
        async Task<int> StopAsync()
        {
            var (rows, _) = await site.CreateDispatcher().LeaseAsync(default);
            site.Time.Advance(CallDispatcher.LeaseDuration);
            return rows.Count;
        }
    }

    [Fact]
    public async Task Pages_of_a_large_room_are_no_attempts()
    {
        await using var site = await OutboxSite.CreateAsync();
        var ada = await site.Database.AddPersonAsync("Ada");
        var roomId = await site.AddRoomAsync(ada);
        await AddMembersAsync(site, roomId, 20);
        await site.SendMessageAsync(ada, roomId, "@room look");
        site.Time.Advance(OutboxSite.Delay);
        await site.CreateDispatcher().LeaseAsync(default);
        site.Time.Advance(CallDispatcher.LeaseDuration);

        using var stop = new CancellationTokenSource();
        var stopped = site.CreateDispatcher(pageSize: 10).DispatchAsync(stop.Token);
        await site.Outbox.WaitForDeliveriesAsync(TestWait.Limit, default);
        Assert.Equal(1, Assert.Single(await site.ReadNotificationsAsync()).Attempts);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
    }

    private static async Task AddMembersAsync(OutboxSite site, int roomId, int count)
    {
        await using var db = await site.Database.OpenAsync();
        for (var i = 0; i < count; i++)
        {
            var user = new ChatUser { UserName = $"p{i}", NormalizedUserName = $"P{i}", DisplayName = $"P {i}", Handle = $"p{i}" };
            var session = new UserSession { Id = Guid.NewGuid(), User = user, Ticket = [], Device = "Phone", ExpiresAt = DateTime.MaxValue };
            db.Add(new Membership { RoomId = roomId, User = user, JoinedAt = DateTime.UnixEpoch });
            db.Add(session);
            await db.SaveChangesAsync();
            db.Add(new PushDevice
            {
                Id = Guid.NewGuid(),
                UserId = user.Id,
                SessionId = session.Id,
                Endpoint = $"https://push.example.org/{i}",
                EndpointHash = Guid.NewGuid().ToByteArray(),
                PublicKey = [],
                AuthSecret = [],
            });
        }

        await db.SaveChangesAsync();
    }
}
