using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Reminders;

namespace BlazorChat.Tests.Notifications.Outbox;

/// <summary>Reminders on devices.</summary>
public sealed class ReminderPushTests : IAsyncLifetime
{
    private OutboxSite _site = default!;
    private PushService _service = default!;
    private SendingNode _node = default!;

    private MessageReminders Reminders => _site.Database.Services.GetRequiredService<MessageReminders>();

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
    public async Task A_reminder_is_shown_when_it_is_due_again_after_a_snooze_and_withdrawn_when_it_is_done()
    {
        var (ada, zoe) = (await _site.Database.AddPersonAsync("Ada"), await _site.AddCallableAsync("Zoe", _service));
        var roomId = await _site.AddRoomAsync(ada, zoe);
        await _site.SendMessageAsync(ada, roomId, "the **plan**");
        await Reminders.RemindAsync(zoe, roomId, 1, _site.Time.GetUtcNow().AddMinutes(20), null, default);
        await _node.SendAsync();
        Assert.Equal(0, _service.WaitingFor("Zoe"));

        await DueAsync(20);
        var shown = (await _service.ReceiveAsync("Zoe")).Json;
        var id = Assert.Single(await Reminders.ListAsync(zoe, default)).Id;
        Assert.Equal(
            ("message", $"reminder-{id}", "Reminder of a message from Ada", "the plan", "/saved"),
            (shown.GetProperty("kind").GetString(), shown.GetProperty("tag").GetString(), shown.GetProperty("title").GetString(), shown.GetProperty("body").GetString(), shown.GetProperty("url").GetString()));

        await Reminders.SnoozeAsync(zoe, id, _site.Time.GetUtcNow().AddMinutes(20), null, default);
        await _node.SendAsync();
        Assert.Equal("clear", (await _service.ReceiveAsync("Zoe")).Json.GetProperty("kind").GetString());
        await DueAsync(20);
        var again = (await _service.ReceiveAsync("Zoe")).Json;
        Assert.Equal((shown.GetProperty("tag").GetString(), 2), (again.GetProperty("tag").GetString(), again.GetProperty("revision").GetInt64()));

        await Reminders.EndAsync(zoe, id, default);
        await _node.SendAsync();
        Assert.Equal("clear", (await _service.ReceiveAsync("Zoe")).Json.GetProperty("kind").GetString());
        Assert.Empty(await _site.ReadDeliveriesAsync());
    }

    [Theory]
    [InlineData("message")]
    [InlineData("member")]
    [InlineData("room")]
    public async Task It_is_withdrawn_when_its_person_may_no_longer_read_it(string lost)
    {
        var (ada, zoe) = (await _site.Database.AddPersonAsync("Ada"), await _site.AddCallableAsync("Zoe", _service));
        var roomId = await _site.AddRoomAsync(ada, zoe);
        await _site.Database.RoomSettings.ChangeAsync(ada, roomId, new RoomEdit(Kind: RoomKind.Private), default);
        await _site.SendMessageAsync(ada, roomId, "the plan");
        await _node.SendAsync();
        await Reminders.RemindAsync(zoe, roomId, 1, _site.Time.GetUtcNow().AddMinutes(20), null, default);
        await DueAsync(20);
        while (_service.WaitingFor("Zoe") > 0)
            await _service.ReceiveAsync("Zoe");
        Assert.Contains(await _site.ReadDeliveriesAsync(), delivery => delivery.RoomId == ReminderSchedule.RoomOfDeliveries);

        await (lost switch
        {
            "message" => _site.Database.Conversation.DeleteAsync(ada, roomId, 1, default),
            "member" => _site.Database.Services.GetRequiredService<RoomMembers>().RemoveAsync(ada, roomId, zoe.UserId, default),
            _ => _site.Database.RoomLifecycle.DeleteAsync(ada, roomId, default),
        });
        await _node.SendAsync();

        Assert.DoesNotContain(await _site.ReadDeliveriesAsync(), delivery => delivery.RoomId == ReminderSchedule.RoomOfDeliveries);
        var kinds = new List<string?>();
        while (_service.WaitingFor("Zoe") > 0)
            kinds.Add((await _service.ReceiveAsync("Zoe")).Json.GetProperty("tag").GetString());
        Assert.Contains(kinds, tag => tag!.StartsWith("reminder-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_quiet_time_nothing_is_shown_also_not_later_and_the_reminder_stays_due()
    {
        var zoe = await _site.AddCallableAsync("Zoe", _service);
        await _site.Preferences.SetDoNotDisturbAsync(zoe, _site.Time.GetUtcNow().UtcDateTime.AddHours(1), default);
        await Reminders.RemindAsync(zoe, Guid.NewGuid(), "milk", _site.Time.GetUtcNow().AddMinutes(20), null, default);

        await DueAsync(20);
        await DueAsync(60);

        Assert.Equal(0, _service.WaitingFor("Zoe"));
        Assert.True(Assert.Single(await Reminders.ListAsync(zoe, default)).IsDue);
    }

    private async Task DueAsync(int minutes)
    {
        _site.Time.Advance(TimeSpan.FromMinutes(minutes));
        await _site.Database.Services.GetRequiredService<ReminderSchedule>().CallDueAsync(default);
        await _node.SendAsync();
    }
}
