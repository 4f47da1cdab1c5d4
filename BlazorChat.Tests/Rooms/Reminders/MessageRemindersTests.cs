using System.Security.Claims;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Commands;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Outbox;
using BlazorChat.Rooms.Reminders;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Rooms.Reminders;

/// <summary>Reminders of messages and of texts, which become due once and end with what they are of.</summary>
public sealed class MessageRemindersTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    private MessageReminders Reminders => _site.Services.GetRequiredService<MessageReminders>();

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync(time: _time);
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
        _room = await _site.Rooms.CreateAsync(_zoe, "Room", default);
        foreach (var text in new[] { "one", "**two**", "three" })
            await _site.Conversation.SendAsync(_zoe, _room.Id, Guid.NewGuid(), text, default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_reminder_is_due_once_whatever_number_of_nodes_run_until_it_is_snoozed_or_done()
    {
        await RemindAsync(2, minutes: 20);
        await Reminders.RemindAsync(_ada, Guid.NewGuid(), " buy milk ", In(10), "Asia/Seoul", default);
        Assert.Empty(await Reminders.ListAsync(_zoe, default));

        _time.Advance(TimeSpan.FromMinutes(15));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Schedule().CallDueAsync(default))));

        var list = await Reminders.ListAsync(_ada, default);
        Assert.Equal([("buy milk", true, 1, "Asia/Seoul"), ("two", false, 1, "UTC")], list.Select(item => (item.Words, item.IsDue, item.Version, item.TimeZone)));
        Assert.Equal((null, "Room"), (list[0].RoomName, list[1].RoomName));

        await Reminders.SnoozeAsync(_ada, list[0].Id, In(60), null, default);
        Assert.Equal(["two", "buy milk"], (await Reminders.ListAsync(_ada, default)).Select(item => item.Words));
        Assert.Equal((false, 2), await StateAsync(list[0].Id));
        _time.Advance(TimeSpan.FromHours(2));
        await Schedule().CallDueAsync(default);
        Assert.Equal((true, 2), await StateAsync(list[0].Id));

        await RefusedAsync(RefusalCode.NotFound, () => Reminders.SnoozeAsync(_zoe, list[0].Id, In(60), null, default));
        await Reminders.EndAsync(_zoe, list[0].Id, default);
        foreach (var _ in new[] { 1, 2 })
            await Reminders.EndAsync(_ada, list[0].Id, default);
        Assert.Equal(["two"], (await Reminders.ListAsync(_ada, default)).Select(item => item.Words));
    }

    [Fact]
    public async Task A_message_has_one_reminder_and_a_repeated_text_too()
    {
        await RemindAsync(1, minutes: 20);
        await RemindAsync(1, minutes: 30);
        var id = Guid.NewGuid();
        foreach (var text in new[] { "first", "second" })
            await Reminders.RemindAsync(_ada, id, text, In(5), null, default);

        Assert.Equal([("second", 5d), ("one", 30d)], (await Reminders.ListAsync(_ada, default)).Select(item => (item.Words, Math.Round((item.DueAt - _time.GetUtcNow().UtcDateTime).TotalMinutes))));
    }

    [Fact]
    public async Task It_ends_with_its_message_and_with_the_right_to_read_it_and_nobody_is_called()
    {
        foreach (var sequence in new[] { 1, 2, 3 })
            await RemindAsync(sequence, minutes: 20);
        await _site.Conversation.DeleteAsync(_zoe, _room.Id, 1, default);
        await using (var db = await _site.OpenAsync())
            Assert.Equal(2, await db.Reminders.CountAsync());
        await _site.RoomSettings.ChangeAsync(_zoe, _room.Id, new RoomEdit(Kind: RoomKind.Private), default);
        Assert.Empty(await Reminders.ListAsync(_ada, default));

        _time.Advance(TimeSpan.FromMinutes(30));
        await Schedule().CallDueAsync(default);

        await using var after = await _site.OpenAsync();
        Assert.Equal(0, await after.Reminders.CountAsync());
        Assert.Equal(0, await after.PushDeliveries.CountAsync());
        await RefusedAsync(RefusalCode.NotFound, () => RemindAsync(2, minutes: 20));
    }

    [Fact]
    public async Task One_that_fails_holds_no_other()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The trigger is one of SQLite.");
        await Reminders.RemindAsync(_ada, Guid.NewGuid(), "fails", In(5), null, default);
        await Reminders.RemindAsync(_ada, Guid.NewGuid(), "calls", In(6), null, default);
        await using (var db = await _site.OpenAsync())
        {
            await db.Database.ExecuteSqlRawAsync(
                """CREATE TRIGGER "Fails" BEFORE UPDATE OF "IsDue" ON "Reminders" WHEN NEW."Text" = 'fails' BEGIN SELECT RAISE(FAIL, 'broken'); END""");
        }

        _time.Advance(TimeSpan.FromMinutes(10));
        await Schedule().CallDueAsync(default);

        Assert.Equal([("calls", true), ("fails", false)], (await Reminders.ListAsync(_ada, default)).Select(item => (item.Words, item.IsDue)));
    }

    [Fact]
    public async Task What_cannot_be_reminded_of_is_refused()
    {
        await RefusedAsync(RefusalCode.NotFound, () => RemindAsync(9, minutes: 20));
        await RefusedAsync(RefusalCode.Invalid, () => RemindAsync(1, minutes: -5));
        await RefusedAsync(RefusalCode.Invalid, () => RemindAsync(1, minutes: 60 * 24 * 400));
        await RefusedAsync(RefusalCode.Invalid, () => Reminders.RemindAsync(_ada, Guid.NewGuid(), " ", In(5), null, default));
        await RefusedAsync(RefusalCode.Invalid, () => Reminders.RemindAsync(_ada, Guid.NewGuid(), new string('x', Reminder.MaxTextLength + 1), In(5), null, default));
        await RefusedAsync(RefusalCode.Invalid, () => Reminders.RemindAsync(_ada, Guid.Empty, "x", In(5), null, default));
        await RefusedAsync(RefusalCode.Invalid, () => Reminders.RemindAsync(_ada, Guid.NewGuid(), "x", In(5), "Nowhere/None", default));
        for (var count = 0; count < MessageReminders.Max; count++)
            await Reminders.RemindAsync(_ada, Guid.NewGuid(), "x", In(5), null, default);
        await RefusedAsync(RefusalCode.Conflict, () => RemindAsync(1, minutes: 20));
    }

    [Fact]
    public async Task The_command_reads_the_time_by_the_clock_of_its_person_and_refuses_what_it_cannot_read()
    {
        var commands = _site.Services.GetRequiredService<SlashCommands>();
        var seoul = TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul");

        // Given again because no answer came, it is the same reminder.
        var id = Guid.NewGuid();
        await commands.RunAsync(_ada, _room.Id, "remind", "내일 9시 회의", seoul, id, default);
        var done = await commands.RunAsync(_ada, _room.Id, "remind", "내일 9시 회의", seoul, id, default);
        await RefusedAsync(RefusalCode.Invalid, () => commands.RunAsync(_ada, _room.Id, "remind", "someday to rest", seoul, Guid.NewGuid(), default));

        var item = Assert.Single(await Reminders.ListAsync(_ada, default));
        var local = TimeZoneInfo.ConvertTimeFromUtc(item.DueAt, seoul);
        Assert.Equal(("회의", "Asia/Seoul", new TimeSpan(9, 0, 0)), (item.Words, item.TimeZone, local.TimeOfDay));
        Assert.Equal(TimeZoneInfo.ConvertTimeFromUtc(_time.GetUtcNow().UtcDateTime, seoul).Date.AddDays(1), local.Date);
        // The browser writes the time.
        Assert.Equal(("Reminder set for {0}. You find it under Saved.", item.DueAt, DateTimeKind.Utc), ($"{done.Text}", done.At!.Value, done.At.Value.Kind));
    }

    private Task RemindAsync(long sequence, int minutes) => Reminders.RemindAsync(_ada, _room.Id, sequence, In(minutes), null, default);

    private DateTimeOffset In(int minutes) => _time.GetUtcNow().AddMinutes(minutes);

    private async Task<(bool IsDue, int Version)> StateAsync(long id)
    {
        var item = (await Reminders.FindAsync(_ada, id, default))!;
        return (item.IsDue, item.Version);
    }

    private ReminderSchedule Schedule() => new(
        _site.Services.GetRequiredService<IDbContextFactory<ChatDbContext>>(), _site.Services.GetRequiredService<PushOutbox>(), _site.Layer, _time,
        NullLogger<ReminderSchedule>.Instance);

    private static async Task RefusedAsync(RefusalCode code, Func<Task> call) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RefusedException>(call)).Code);
}
