using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages.Writing;
using BlazorChat.Rooms.Scheduled;
using BlazorChat.Rooms.Threads;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Rooms.Scheduled;

/// <summary>Messages that are scheduled and sent at their time, each once, whatever becomes of their rooms and nodes.</summary>
public sealed class ScheduledMessagesTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    private ScheduledMessages Scheduled => _site.Services.GetRequiredService<ScheduledMessages>();

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
        _room = await _site.Rooms.CreateAsync(_ada, "Room", default);
        await _site.Rooms.JoinAsync(_zoe, _room.Id, default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_message_is_sent_once_at_its_time_by_one_of_many_nodes_and_leaves_the_list()
    {
        var ids = new List<Guid>();
        for (var minute = 0; minute < 20; minute++)
            ids.Add(await ScheduleAsync($"message {minute}", TimeSpan.FromMinutes(10 + minute)));
        Assert.Equal(20, (await Scheduled.ListAsync(_ada, roomId: null, default)).Count);
        Assert.Empty(await Scheduled.ListAsync(_zoe, roomId: null, default));

        _time.Advance(TimeSpan.FromMinutes(20));
        var next = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Sender().SendDueAsync(default))));

        Assert.Equal(Enumerable.Range(0, 11).Select(minute => $"message {minute}"), (await SentAsync()).Order(StringComparer.Ordinal).OrderBy(text => text.Length));
        Assert.Equal(Enumerable.Range(11, 9).Select(minute => $"message {minute}"), (await Scheduled.ListAsync(_ada, null, default)).Select(item => item.Markdown));
        Assert.Contains(_time.GetUtcNow() + TimeSpan.FromMinutes(1), next.OfType<DateTimeOffset>().Select(at => at.AddTicks(-(at.Ticks - _time.GetUtcNow().Ticks) % 10)));
        Assert.Equal(ids[0], (await ReadAsync()).First(message => message.Markdown == "message 0").ClientMessageId);
    }

    [Fact]
    public async Task The_loop_of_a_node_sends_what_is_due()
    {
        var id = await ScheduleAsync("by itself", TimeSpan.FromMinutes(2));
        await using (var db = await _site.OpenAsync())
        {
            var past = TimeProvider.System.GetUtcNow().UtcDateTime;
            await db.ScheduledMessages.ExecuteUpdateAsync(row => row.SetProperty(r => r.NextAttemptAt, past));
        }

        _site.Services.GetRequiredService<ScheduledSender>().Scheduled.Set();
        await foreach (var page in _site.Conversation.FollowAsync(_zoe, _room.Id, 0, new CancellationTokenSource(TestWait.Limit).Token))
        {
            Assert.Equal((id, "by itself"), (page.Changes[0].Message.ClientMessageId, page.Changes[0].Message.Markdown));
            break;
        }
    }

    [Fact]
    public async Task A_node_that_stopped_before_or_after_the_commit_loses_and_doubles_nothing()
    {
        var before = await ScheduleAsync("before", TimeSpan.FromMinutes(2));
        var after = await ScheduleAsync("after", TimeSpan.FromMinutes(2));
        // As a node leaves them that leased both, sent one of them, and stopped.
        var leaseEnd = _time.GetUtcNow().UtcDateTime + TimeSpan.FromMinutes(2) + ScheduledSender.LeaseDuration;
        await using (var db = await _site.OpenAsync())
        {
            await db.ScheduledMessages.ExecuteUpdateAsync(row => row
                .SetProperty(r => r.State, ScheduleState.Sending).SetProperty(r => r.NextAttemptAt, leaseEnd).SetProperty(r => r.Attempts, 1));
        }

        await _site.Conversation.SendAsync(_ada, _room.Id, after, "after", default);
        await RefusedAsync(RefusalCode.Conflict, () => Scheduled.CancelAsync(_ada, before, default));
        await RefusedAsync(RefusalCode.Conflict, () => Scheduled.ChangeAsync(_ada, before, "changed", null, null, default));
        await RefusedAsync(RefusalCode.Conflict, () => Scheduled.SendNowAsync(_ada, before, default));

        _time.Advance(TimeSpan.FromMinutes(2));
        await Sender().SendDueAsync(default);
        Assert.Equal(["after"], await SentAsync());
        _time.Advance(ScheduledSender.LeaseDuration);
        await Sender().SendDueAsync(default);

        Assert.Equal(["after", "before"], (await SentAsync()).Order(StringComparer.Ordinal));
        Assert.Empty(await Scheduled.ListAsync(_ada, null, default));
    }

    [Fact]
    public async Task What_can_no_longer_be_sent_stays_with_the_reason_and_holds_no_other()
    {
        var (archived, deleted, left, secret) = (
            await _site.Rooms.CreateAsync(_ada, "Archived", default), await _site.Rooms.CreateAsync(_ada, "Deleted", default),
            await _site.Rooms.CreateAsync(_zoe, "Left", default), await _site.Rooms.CreateAsync(_ada, "Threads", default));
        await _site.Rooms.JoinAsync(_ada, left.Id, default);
        await _site.Conversation.SendAsync(_ada, secret.Id, Guid.NewGuid(), "root", default);
        await ScheduleAsync("archived", TimeSpan.FromMinutes(2), archived.Id);
        await ScheduleAsync("deleted", TimeSpan.FromMinutes(3), deleted.Id);
        await ScheduleAsync("left", TimeSpan.FromMinutes(4), left.Id);
        await ScheduleAsync("thread", TimeSpan.FromMinutes(5), secret.Id, root: 1);
        await ScheduleAsync("sent", TimeSpan.FromMinutes(6));
        await _site.RoomLifecycle.ArchiveAsync(_ada, archived.Id, default);
        await _site.RoomLifecycle.DeleteAsync(_ada, deleted.Id, default);
        await _site.Owners.LeaveAsync(_ada, left.Id, newOwnerId: null, default);
        await _site.Conversation.DeleteAsync(_ada, secret.Id, 1, default);

        _time.Advance(TimeSpan.FromMinutes(10));
        var sender = Sender();
        await sender.SendDueAsync(default);
        await sender.SendDueAsync(default);

        Assert.Equal(["sent"], await SentAsync());
        var list = await Scheduled.ListAsync(_ada, null, default);
        Assert.Equal(
            [("archived", ScheduleState.RoomArchived), ("deleted", ScheduleState.NoAccess), ("left", ScheduleState.NoAccess), ("thread", ScheduleState.ThreadGone)],
            list.Select(item => (item.Markdown, item.State)));
        Assert.Equal(["Archived", null, "Left", "Threads"], list.Select(item => item.RoomName));
        Assert.All(list, item => Assert.StartsWith("Not sent: ", item.Failure!.ToString(), StringComparison.Ordinal));

        // It waits again with another time, and is sent when that is possible.
        await _site.RoomLifecycle.UnarchiveAsync(_ada, archived.Id, default);
        await Service().ChangeAsync(_ada, list[0].Id, "text", null, null, default);
        Assert.Equal(("text", ScheduleState.RoomArchived), (await Scheduled.ListAsync(_ada, archived.Id, default)).Select(item => (item.Markdown, item.State)).Single());
        await Service().ChangeAsync(_ada, list[0].Id, "again", _time.GetUtcNow().AddMinutes(2), null, default);
        Assert.Equal(ScheduleState.Waiting, (await Scheduled.ListAsync(_ada, archived.Id, default))[0].State);
        Assert.Equal("again", (await Scheduled.SendNowAsync(_ada, list[0].Id, default)).Markdown);
        // A repeated command finds what was sent.
        Assert.Equal(1, (await Scheduled.SendNowAsync(_ada, list[0].Id, default)).Sequence);
        await RefusedAsync(RefusalCode.NotFound, () => Scheduled.SendNowAsync(_ada, list[1].Id, default));
    }

    [Fact]
    public async Task One_that_was_removed_is_restored_as_it_was_also_after_its_time_and_after_a_failure()
    {
        var other = await _site.Rooms.CreateAsync(_ada, "Deleted", default);
        var failed = await ScheduleAsync("failed", TimeSpan.FromMinutes(2), other.Id);
        var late = await ScheduleAsync("late", TimeSpan.FromMinutes(10));
        await _site.RoomLifecycle.DeleteAsync(_ada, other.Id, default);
        _time.Advance(TimeSpan.FromMinutes(5));
        await Sender().SendDueAsync(default);
        var removed = new[] { (await Scheduled.FindAsync(_ada, failed, default))!, (await Scheduled.FindAsync(_ada, late, default))! };
        foreach (var message in removed)
            await Scheduled.CancelAsync(_ada, message.ClientMessageId, default);
        _time.Advance(TimeSpan.FromMinutes(10));
        await Sender().SendDueAsync(default);
        Assert.Empty(await SentAsync());

        foreach (var message in removed.Concat(removed))
            await Service().RestoreAsync(_ada, message, default);
        Assert.Equal(
            [("failed", ScheduleState.NoAccess), ("late", ScheduleState.Waiting)], (await Scheduled.ListAsync(_ada, null, default)).Select(item => (item.Markdown, item.State)));
        Assert.Null(await Sender().SendDueAsync(default));

        Assert.Equal(["late"], await SentAsync());
        Assert.Equal(("failed", ScheduleState.NoAccess), (await Scheduled.ListAsync(_ada, null, default)).Select(item => (item.Markdown, item.State)).Single());
    }

    [Fact]
    public async Task One_that_stopped_its_nodes_too_often_is_given_up_until_its_author_sends_it()
    {
        var id = await ScheduleAsync("stops nodes", TimeSpan.FromMinutes(2));
        await using (var db = await _site.OpenAsync())
            await db.ScheduledMessages.ExecuteUpdateAsync(row => row.SetProperty(r => r.State, ScheduleState.Sending).SetProperty(r => r.Attempts, ScheduledSender.MaxAttempts));
        _time.Advance(TimeSpan.FromMinutes(3));

        Assert.Null(await Sender().SendDueAsync(default));

        Assert.Empty(await SentAsync());
        Assert.Equal(ScheduleState.Failed, Assert.Single(await Scheduled.ListAsync(_ada, null, default)).State);
        Assert.Equal("stops nodes", (await Scheduled.SendNowAsync(_ada, id, default)).Markdown);
    }

    [Fact]
    public async Task Files_of_scheduled_messages_are_no_unsent_uploads()
    {
        var uploads = _site.Services.GetRequiredService<AttachmentUploads>();
        async Task<Guid> UploadAsync()
        {
            var id = Guid.NewGuid();
            await uploads.ReceiveAsync(_ada, new Upload(id, AttachmentOwner.Room, _room.Id, "a.txt"), new MemoryStream("notes"u8.ToArray()), default);
            return id;
        }

        var first = await UploadAsync();
        for (var count = 1; count < AttachmentUploads.MaxUnsent; count++)
            await UploadAsync();
        await RefusedAsync(RefusalCode.Conflict, UploadAsync);

        await Scheduled.ScheduleAsync(_ada, new NewScheduled(_room.Id, Guid.NewGuid(), "", _time.GetUtcNow().AddDays(1)) { Attachments = [first] }, default);

        await UploadAsync();
    }

    [Fact]
    public async Task A_message_of_a_closed_account_is_not_sent()
    {
        await ScheduleAsync("banned", TimeSpan.FromMinutes(2));
        var adaId = _ada.UserId;
        await using (var db = await _site.OpenAsync())
            await db.Users.Where(user => user.Id == adaId).ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, DateTime.UtcNow));

        _time.Advance(TimeSpan.FromMinutes(3));
        await Sender().SendDueAsync(default);

        Assert.Empty(await SentAsync());
        Assert.Equal(ScheduleState.NoAccess, Assert.Single(await Scheduled.ListAsync(_ada, null, default)).State);
    }

    [Fact]
    public async Task One_that_fails_again_and_again_holds_no_other_and_is_given_up()
    {
        await ScheduleAsync("fails", TimeSpan.FromMinutes(2));
        await ScheduleAsync("sent", TimeSpan.FromMinutes(3));
        _time.Advance(TimeSpan.FromMinutes(4));
        await using (var db = await _site.OpenAsync())
        {
            // SQLite itself refuses the message, as a broken disk would.
            Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The trigger is one of SQLite.");
            await db.Database.ExecuteSqlRawAsync(
                """CREATE TRIGGER "Fails" BEFORE INSERT ON "Messages" WHEN NEW."Markdown" = 'fails' BEGIN SELECT RAISE(FAIL, 'broken'); END""");
        }

        var sender = Sender();
        for (var attempt = 1; attempt < ScheduledSender.MaxAttempts; attempt++)
        {
            await sender.SendDueAsync(default);
            Assert.Equal(["sent"], await SentAsync());
            Assert.Equal(ScheduleState.Sending, Assert.Single(await Scheduled.ListAsync(_ada, null, default)).State);
            _time.Advance(ScheduledSender.LeaseDuration);
        }

        Assert.Null(await sender.SendDueAsync(default));
        Assert.Equal(ScheduleState.Failed, Assert.Single(await Scheduled.ListAsync(_ada, null, default)).State);
    }

    [Fact]
    public async Task A_message_is_changed_and_removed_and_one_of_another_person_is_not()
    {
        var id = await ScheduleAsync("first", TimeSpan.FromMinutes(2));
        await Scheduled.ChangeAsync(_ada, id, "second", null, null, default);
        var due = TimeProvider.System.GetUtcNow().AddHours(3);
        await Scheduled.ChangeAsync(_ada, id, null, due, "Asia/Seoul", default);
        await RefusedAsync(RefusalCode.NotFound, () => Scheduled.ChangeAsync(_zoe, id, "mine", null, null, default));
        await RefusedAsync(RefusalCode.NotFound, () => Scheduled.SendNowAsync(_zoe, id, default));
        await Scheduled.CancelAsync(_zoe, id, default);

        var item = Assert.Single(await Scheduled.ListAsync(_ada, null, default));
        Assert.Equal(("second", due.UtcDateTime, "Asia/Seoul", "Room"), (item.Markdown, item.DueAt, item.TimeZone, item.RoomName));
        await Scheduled.CancelAsync(_ada, id, default);
        await Scheduled.CancelAsync(_ada, id, default);
        Assert.Empty(await Scheduled.ListAsync(_ada, null, default));
    }

    [Fact]
    public async Task What_cannot_be_scheduled_is_refused()
    {
        var now = TimeProvider.System.GetUtcNow();
        var message = new NewScheduled(_room.Id, Guid.NewGuid(), "text", now.AddHours(1));
        var outsider = await _site.AddPersonAsync("Bob");
        foreach (var (code, refused) in new[]
        {
            (RefusalCode.Invalid, message with { ClientMessageId = Guid.Empty }), (RefusalCode.Invalid, message with { Markdown = " " }),
            (RefusalCode.Invalid, message with { Markdown = new string('x', Message.MaxLength + 1) }),
            (RefusalCode.Invalid, message with { DueAt = now }), (RefusalCode.Invalid, message with { DueAt = now.AddDays(400) }),
            (RefusalCode.Invalid, message with { TimeZone = "Nowhere/None" }), (RefusalCode.NotFound, message with { RoomId = 999 }),
            (RefusalCode.NotFound, message with { ThreadRoot = 7 }), (RefusalCode.NotFound, message with { Attachments = [Guid.NewGuid()] }),
        })
        {
            await RefusedAsync(code, () => Scheduled.ScheduleAsync(_ada, refused, default));
        }

        await RefusedAsync(RefusalCode.Forbidden, () => Scheduled.ScheduleAsync(outsider, message, default));
        await _site.Conversation.SendAsync(_ada, _room.Id, message.ClientMessageId, "text", default);
        await RefusedAsync(RefusalCode.Conflict, () => Scheduled.ScheduleAsync(_ada, message, default));
        for (var count = 0; count < ScheduledMessages.Max; count++)
            await Scheduled.ScheduleAsync(_ada, message with { ClientMessageId = Guid.NewGuid() }, default);
        var last = (await Scheduled.ListAsync(_ada, null, default))[^1];
        await RefusedAsync(RefusalCode.Conflict, () => Scheduled.ScheduleAsync(_ada, message with { ClientMessageId = Guid.NewGuid() }, default));
        // One of them is replaced all the same.
        await Scheduled.ScheduleAsync(_ada, message with { ClientMessageId = last.Id, Markdown = "other" }, default);
        Assert.Equal((ScheduledMessages.Max, "other"), ((await Scheduled.ListAsync(_ada, null, default)).Count, (await Scheduled.FindAsync(_ada, last.Id, default))!.Markdown));
        await _site.RoomLifecycle.ArchiveAsync(_ada, _room.Id, default);
        await RefusedAsync(RefusalCode.Archived, () => Scheduled.ScheduleAsync(_ada, message with { ClientMessageId = last.Id }, default));
    }

    [Fact]
    public async Task An_absent_author_has_read_nothing_by_it_and_a_present_one_their_own_message()
    {
        await ScheduleAsync("from the past", TimeSpan.FromMinutes(2));
        await _site.Conversation.SendAsync(_zoe, _room.Id, Guid.NewGuid(), "unread", default);
        await _site.Conversation.SendAsync(_zoe, _room.Id, Guid.NewGuid(), "unread too", default);
        _time.Advance(TimeSpan.FromMinutes(3));
        await Sender().SendDueAsync(default);
        Assert.Equal((3, 3L), ((await SentAsync()).Count, (await _site.Rooms.FindAsync(_ada, _room.Id, default))!.Unread));

        await _site.Conversation.MarkReadAsync(_ada, _room.Id, 3, default);
        await ScheduleAsync("all read", TimeSpan.FromMinutes(2));
        _time.Advance(TimeSpan.FromMinutes(3));
        await Sender().SendDueAsync(default);
        Assert.Equal(0, (await _site.Rooms.FindAsync(_ada, _room.Id, default))!.Unread);
    }

    [Fact]
    public async Task A_reply_is_sent_to_its_thread_and_leaves_unread_replies_unread()
    {
        await _site.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), "root", default);
        await _site.Conversation.ReplyAsync(_zoe, _room.Id, 1, Guid.NewGuid(), "one", [], isInRoom: false, default);
        await ScheduleAsync("later", TimeSpan.FromMinutes(2), root: 1);
        await _site.Conversation.ReplyAsync(_zoe, _room.Id, 1, Guid.NewGuid(), "two", [], isInRoom: false, default);
        _time.Advance(TimeSpan.FromMinutes(3));
        await Sender().SendDueAsync(default);

        var thread = Assert.Single(await _site.Services.GetRequiredService<ThreadDirectory>().ListAsync(_ada, before: null, default));
        Assert.Equal(("later", 3L, 3L), (thread.Newest.Markdown, thread.Newest.ReplyNumber, thread.Unread));
        Assert.Equal(["root"], await SentAsync());
    }

    [Fact]
    public async Task A_call_that_schedules_and_arrives_after_the_removal_brings_nothing_back()
    {
        var message = new NewScheduled(_room.Id, Guid.NewGuid(), "late", _time.GetUtcNow().AddHours(1));
        await Scheduled.ScheduleAsync(_ada, message, default);
        await Scheduled.CancelAsync(_ada, message.ClientMessageId, default);
        await RefusedAsync(RefusalCode.Conflict, () => Scheduled.ScheduleAsync(_ada, message, default));

        // The removal may even be the first of both to arrive.
        var early = message with { ClientMessageId = Guid.NewGuid() };
        await Scheduled.CancelAsync(_ada, early.ClientMessageId, default);
        await RefusedAsync(RefusalCode.Conflict, () => Scheduled.ScheduleAsync(_ada, early, default));
        await Scheduled.ScheduleAsync(_zoe, early, default);

        // It is nowhere, and can't be changed or sent.
        Assert.Empty(await Scheduled.ListAsync(_ada, null, default));
        Assert.Null(await Scheduled.FindAsync(_ada, message.ClientMessageId, default));
        Assert.Equal(0, await _site.Services.GetRequiredService<ScheduledCounts>().ReadAsync(_ada, default));
        await RefusedAsync(RefusalCode.NotFound, () => Scheduled.ChangeAsync(_ada, message.ClientMessageId, "x", null, null, default));
        await RefusedAsync(RefusalCode.NotFound, () => Scheduled.SendNowAsync(_ada, message.ClientMessageId, default));
        Assert.NotNull(await Sender().SendDueAsync(default));

        // Undo is another call, and the memory is bounded.
        await Scheduled.RestoreAsync(_ada, message, default);
        Assert.Equal("late", Assert.Single(await Scheduled.ListAsync(_ada, null, default)).Markdown);
        for (var count = 0; count <= ScheduledMessages.MaxRemoved; count++)
            await Scheduled.CancelAsync(_ada, Guid.NewGuid(), default);
        await using var db = await _site.OpenAsync();
        var adaId = _ada.UserId;
        Assert.Equal(ScheduledMessages.MaxRemoved + 1, await db.ScheduledMessages.CountAsync(row => row.AuthorId == adaId));
    }

    [Fact]
    public async Task Its_files_are_kept_while_it_waits_and_sent_with_it()
    {
        var uploads = _site.Services.GetRequiredService<AttachmentUploads>();
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        foreach (var (id, name) in new[] { (first, "first.txt"), (second, "second.txt") })
            await uploads.ReceiveAsync(_ada, new Upload(id, AttachmentOwner.Room, _room.Id, name), new MemoryStream("notes"u8.ToArray()), default);
        var message = new NewScheduled(_room.Id, Guid.NewGuid(), "", _time.GetUtcNow().AddDays(30)) { Attachments = [second, first] };
        await Scheduled.ScheduleAsync(_ada, message, default);
        await RefusedAsync(RefusalCode.NotFound, () => Scheduled.ScheduleAsync(_ada, message with { ClientMessageId = Guid.NewGuid() }, default));
        await RefusedAsync(RefusalCode.Conflict, () => uploads.DiscardAsync(_ada, first, default));

        await using (var db = await _site.OpenAsync())
            await db.Attachments.ExecuteUpdateAsync(row => row.SetProperty(r => r.UploadedAt, DateTime.UtcNow.AddDays(-20)));
        await _site.Services.GetServices<IHostedService>().OfType<AttachmentUpkeep>().Single().SweepAsync(default);
        Assert.Equal(["second.txt", "first.txt"], Assert.Single(await Scheduled.ListAsync(_ada, null, default)).Files);

        _time.Advance(TimeSpan.FromDays(31));
        await Sender().SendDueAsync(default);
        Assert.Equal([second, first], Assert.Single(await ReadAsync()).Attachments.Select(file => file.Id));
        await using var after = await _site.OpenAsync();
        Assert.Equal((0, 0), (await after.ScheduledMessages.CountAsync(), await after.ScheduledFiles.CountAsync()));
    }

    [Theory]
    // Saturday noon, by the clock of the person; Sunday has the same Monday as tomorrow.
    [InlineData("2026-11-28T12:00", "Europe/Berlin", "2026-11-29T08:00", "2026-11-30T08:00")]
    [InlineData("2026-11-29T12:00", "Europe/Berlin", "2026-11-30T08:00", null)]
    [InlineData("2026-11-30T00:30", "Asia/Seoul", "2026-12-01T00:00", "2026-12-07T00:00")]
    // The night in which clocks are put forward, and the one in which they are put back.
    [InlineData("2026-03-28T12:00", "Europe/Berlin", "2026-03-29T07:00", "2026-03-30T07:00")]
    [InlineData("2026-10-24T12:00", "Europe/Berlin", "2026-10-25T08:00", "2026-10-26T08:00")]
    public void The_offered_times_are_mornings_by_the_clock_of_the_person(string local, string zone, string tomorrow, string? monday)
    {
        var info = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var now = TimeZoneInfo.ConvertTimeToUtc(DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture), info);

        var choices = LaterChoice.ForMessage(now, info);

        Assert.Equal(
            new[] { tomorrow, monday }.OfType<string>(),
            choices.Select(choice => choice.At.ToString("yyyy-MM-ddTHH:mm", System.Globalization.CultureInfo.InvariantCulture)));
    }

    private async Task<Guid> ScheduleAsync(string text, TimeSpan after, int? roomId = null, long? root = null)
    {
        var id = Guid.NewGuid();
        await Service().ScheduleAsync(
            _ada, new NewScheduled(roomId ?? _room.Id, id, text, _time.GetUtcNow() + after) { ThreadRoot = root, IsInRoom = root is null }, default);
        return id;
    }

    /// <summary>The service with the clock of the test.</summary>
    private ScheduledMessages Service() => ActivatorUtilities.CreateInstance<ScheduledMessages>(_site.Services, _time);

    private ScheduledSender Sender() => new(
        _site.Services.GetRequiredService<IDbContextFactory<ChatDbContext>>(), _site.Services.GetRequiredService<MessageWriter>(), _site.Layer, _time,
        NullLogger<ScheduledSender>.Instance);

    private async Task<IReadOnlyList<MessageView>> ReadAsync() => (await _site.Conversation.ReadLatestAsync(_zoe, _room.Id, default)).Messages;

    private async Task<IReadOnlyList<string>> SentAsync() =>
        [.. (await ReadAsync()).Where(message => message.DeletedAt is null).Select(message => message.Markdown)];

    private static async Task RefusedAsync(RefusalCode code, Func<Task> call) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RefusedException>(call)).Code);
}
