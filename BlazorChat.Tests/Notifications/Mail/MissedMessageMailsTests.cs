using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Notifications.Mail;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Reminders;
using BlazorChat.Rooms.Threads;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorChat.Tests.Notifications.Mail;

public sealed class MissedMessageMailsTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Mentions_and_direct_messages_that_stay_unread_are_in_one_mail_once()
    {
        await using var site = await MailSite.CreateAsync();
        var (ada, zoe) = await AddPeopleAsync(site);
        var room = await AddRoomAsync(site, ada, zoe);
        var direct = await site.Database.DirectRooms.OpenAsync(ada, [zoe.UserId], default);
        await SendMessageAsync(site, ada, room.Id, "Nobody in particular");
        await SendMessageAsync(site, ada, room.Id, "@zoe look <at> this");
        await SendMessageAsync(site, ada, direct.RoomId, "Hello " + string.Concat(Enumerable.Repeat("word ", 100)));

        site.Time.Advance(14 * Minute);
        await AddDueAsync(site);
        Assert.Empty(await site.ReadWaitingAsync());
        site.Time.Advance(Minute);
        await AddDueAsync(site);
        await AddDueAsync(site);

        var mail = Assert.Single(await site.ReadWaitingAsync());
        Assert.Equal("Zoe@example.org", mail.To);
        Assert.Equal("You have 2 unread messages", mail.Subject);
        Assert.Contains("Ada in Room\n> @Zoe look <at> this\n", mail.Text, StringComparison.Ordinal);
        Assert.Contains($"https://chat.example.org/rooms/{room.Id}#m-2", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Ada in a direct message\n> Hello word", mail.Text, StringComparison.Ordinal);
        Assert.InRange(mail.Text!.Split('\n').Max(line => line.Length), 150, MissedMessages.MaxText + 2);
        Assert.Contains("https://chat.example.org/account/notifications", mail.Text, StringComparison.Ordinal);
        Assert.Contains("look &lt;at&gt; this", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Nobody in particular", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_is_in_the_language_of_its_person()
    {
        await using var site = await MailSite.CreateAsync();
        var (ada, zoe) = await AddPeopleAsync(site);
        var room = await AddRoomAsync(site, ada, zoe);
        var zoeId = zoe.UserId;
        await using (var db = await site.Database.OpenAsync())
            await db.Users.Where(user => user.Id == zoeId).ExecuteUpdateAsync(user => user.SetProperty(u => u.SeenLanguage, "ko"));
        await SendMessageAsync(site, ada, room.Id, "@zoe look");

        site.Time.Advance(15 * Minute);
        await AddDueAsync(site);

        var mail = Assert.Single(await site.ReadWaitingAsync());
        Assert.Equal("읽지 않은 메시지가 1개 있어요", mail.Subject);
        Assert.Contains("Ada 님 (Room)\n> @Zoe look\n", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unread_replies_of_followed_threads_and_mentions_in_replies_are_mailed_once_with_their_addresses()
    {
        await using var site = await MailSite.CreateAsync();
        var (ada, zoe) = await AddPeopleAsync(site);
        var (room, muted) = (await AddRoomAsync(site, ada, zoe), await AddRoomAsync(site, ada, zoe, "Muted"));
        await SendMessageAsync(site, zoe, room.Id, "root of Zoe");
        await SendMessageAsync(site, ada, room.Id, "root of Ada");
        await SendMessageAsync(site, zoe, muted.Id, "root in a muted room");
        await site.Database.Preferences.SetLevelAsync(zoe, muted.Id, RoomLevel.Nothing, default);
        await ReplyAsync(1, "was read");
        await site.Database.Services.GetRequiredService<ThreadFollows>().MarkReadAsync(zoe, room.Id, 1, 1, default);
        await ReplyAsync(1, "to your message");
        await ReplyAsync(2, "for others");
        await ReplyAsync(2, "look @zoe");
        await site.Database.Conversation.ReplyAsync(ada, muted.Id, 1, Guid.NewGuid(), "is muted", [], isInRoom: false, default);
        // The position in the room is another one.
        await site.Database.Conversation.MarkReadAsync(zoe, room.Id, 2, default);

        site.Time.Advance(15 * Minute);
        await AddDueAsync(site);

        var mail = Assert.Single(await site.ReadWaitingAsync());
        Assert.Equal("You have 2 unread messages", mail.Subject);
        Assert.Contains($"to your message\n", mail.Text, StringComparison.Ordinal);
        Assert.Contains($"https://chat.example.org/rooms/{room.Id}/1/2\n", mail.Text, StringComparison.Ordinal);
        Assert.Contains($"https://chat.example.org/rooms/{room.Id}/2/2\n", mail.Text, StringComparison.Ordinal);
        foreach (var other in new[] { "was read", "for others", "is muted" })
            Assert.DoesNotContain(other, mail.Text, StringComparison.Ordinal);
        site.Time.Advance(15 * Minute);
        await AddDueAsync(site);
        Assert.Single(await site.ReadWaitingAsync());

        Task<MessageView> ReplyAsync(long root, string text) =>
            site.Database.Conversation.ReplyAsync(ada, room.Id, root, Guid.NewGuid(), text, [], isInRoom: false, default);
    }

    [Fact]
    public async Task Between_two_mails_are_15_minutes_and_the_second_has_only_what_is_new()
    {
        await using var site = await MailSite.CreateAsync();
        var (ada, zoe) = await AddPeopleAsync(site, minutes: 1);
        var room = await AddRoomAsync(site, ada, zoe);
        await SendMessageAsync(site, ada, room.Id, "@zoe first");
        site.Time.Advance(Minute);
        await AddDueAsync(site);
        await SendMessageAsync(site, ada, room.Id, "@zoe second");

        site.Time.Advance(14 * Minute);
        await AddDueAsync(site);
        Assert.Single(await site.ReadWaitingAsync());
        site.Time.Advance(Minute);
        await AddDueAsync(site);

        var second = (await site.ReadWaitingAsync())[^1];
        Assert.Contains("second", second.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("first", second.Text, StringComparison.Ordinal);
        await AddDueAsync(site);
        Assert.Equal(2, (await site.ReadWaitingAsync()).Count);
    }

    [Fact]
    public async Task Messages_from_before_a_person_asked_for_mails_are_not_mailed_also_when_they_ask_again()
    {
        await using var site = await MailSite.CreateAsync();
        var (ada, zoe) = await AddPeopleAsync(site);
        var room = await AddRoomAsync(site, ada, zoe);
        await PreferencesOf(site).SetMailAfterAsync(zoe, null, default);
        await SendMessageAsync(site, ada, room.Id, "@zoe before");
        site.Time.Advance(Minute);
        await PreferencesOf(site).SetMailAfterAsync(zoe, 15, default);
        await SendMessageAsync(site, ada, room.Id, "@zoe after");
        site.Time.Advance(Minute);
        // A person who chooses another time asked before.
        await PreferencesOf(site).SetMailAfterAsync(zoe, 20, default);

        site.Time.Advance(19 * Minute);
        await AddDueAsync(site);

        var mail = Assert.Single(await site.ReadWaitingAsync());
        Assert.Contains("@Zoe after", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("@Zoe before", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_active_is_mailed_when_they_are_away()
    {
        await using var site = await MailSite.CreateAsync();
        var (ada, zoe) = await AddPeopleAsync(site);
        var room = await AddRoomAsync(site, ada, zoe);
        await SendMessageAsync(site, ada, room.Id, "@zoe look");
        site.Time.Advance(15 * Minute);
        using var connection = site.Database.Presence.Open(zoe);

        await AddDueAsync(site);
        Assert.Empty(await site.ReadWaitingAsync());
        site.Time.Advance(5 * Minute);
        await AddDueAsync(site);

        Assert.Single(await site.ReadWaitingAsync());
    }

    [Theory]
    [InlineData("read")]
    [InlineData("muted")]
    [InlineData("hidden")]
    [InlineData("archived")]
    [InlineData("left")]
    [InlineData("deleted")]
    [InlineData("banned")]
    [InlineData("never")]
    public async Task What_was_read_or_may_not_notify_is_not_mailed(string why)
    {
        await using var site = await MailSite.CreateAsync();
        var (ada, zoe) = await AddPeopleAsync(site);
        var room = await AddRoomAsync(site, ada, zoe);
        await SendMessageAsync(site, ada, room.Id, "@zoe look");
        await (why switch
        {
            "read" => site.Database.Conversation.MarkReadAsync(zoe, room.Id, 1, default),
            "muted" => site.Database.Preferences.SetLevelAsync(zoe, room.Id, RoomLevel.Nothing, default),
            "hidden" => site.Database.Preferences.HideAsync(zoe, room.Id, default),
            "archived" => site.Database.RoomLifecycle.ArchiveAsync(ada, room.Id, default),
            "left" => site.Database.Owners.LeaveAsync(zoe, room.Id, null, default),
            "deleted" => site.Database.Conversation.DeleteAsync(ada, room.Id, 1, default),
            "banned" => BanAsync(site, zoe.UserId),
            _ => PreferencesOf(site).SetMailAfterAsync(zoe, null, default),
        });

        site.Time.Advance(60 * Minute);
        await AddDueAsync(site);

        Assert.Empty(await site.ReadWaitingAsync());
    }

    [Fact]
    public async Task A_hidden_direct_message_is_not_mailed_and_the_next_one_is()
    {
        await using var site = await MailSite.CreateAsync();
        var (ada, zoe) = await AddPeopleAsync(site);
        var direct = await site.Database.DirectRooms.OpenAsync(ada, [zoe.UserId], default);
        await SendMessageAsync(site, ada, direct.RoomId, "first");
        await site.Database.Preferences.HideAsync(zoe, direct.RoomId, default);
        site.Time.Advance(60 * Minute);
        await AddDueAsync(site);
        Assert.Empty(await site.ReadWaitingAsync());

        await SendMessageAsync(site, ada, direct.RoomId, "second");
        site.Time.Advance(60 * Minute);
        await AddDueAsync(site);

        Assert.Equal("You have an unread message", Assert.Single(await site.ReadWaitingAsync()).Subject);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_that_is_committed_after_a_newer_one_is_mailed(bool isDirect)
    {
        await using var site = await MailSite.CreateAsync();
        var (ada, zoe) = await AddPeopleAsync(site);
        var roomId = isDirect ? (await site.Database.DirectRooms.OpenAsync(ada, [zoe.UserId], default)).RoomId : (await AddRoomAsync(site, ada, zoe)).Id;
        await SendMessageAsync(site, ada, roomId, "@zoe first");
        site.Time.Advance(20 * Minute);
        // The newest one has a later id than one whose transaction is under way.
        await SendMessageAsync(site, ada, roomId, "@zoe newest");
        await MoveAsync("Id + 1");
        await AddDueAsync(site);
        await SendMessageAsync(site, ada, roomId, "@zoe late");
        await MoveAsync("2");

        site.Time.Advance(20 * Minute);
        await AddDueAsync(site);

        var mails = await site.ReadWaitingAsync();
        Assert.Equal([("first", 1), ("late", 1), ("newest", 1)], new[] { "first", "late", "newest" }.Select(
            text => (text, mails.Count(mail => mail.Text!.Contains(text, StringComparison.Ordinal)))));

        // Changes the ids of the newest message and its mention.
        async Task MoveAsync(string id)
        {
            await using var db = await site.Database.OpenAsync();
#pragma warning disable EF1002 // The text is the test's.
            await db.Database.ExecuteSqlRawAsync($"UPDATE Messages SET Id = {id} WHERE Id = (SELECT MAX(Id) FROM Messages)");
            await db.Database.ExecuteSqlRawAsync($"UPDATE Mentions SET Id = {id} WHERE Id = (SELECT MAX(Id) FROM Mentions)");
#pragma warning restore EF1002
        }
    }

    [Fact]
    public async Task A_quiet_person_gets_the_mail_when_the_quiet_time_is_over()
    {
        await using var site = await MailSite.CreateAsync();
        var (ada, zoe) = await AddPeopleAsync(site);
        var room = await AddRoomAsync(site, ada, zoe);
        await PreferencesOf(site).SetDoNotDisturbAsync(zoe, site.Time.GetUtcNow().UtcDateTime.AddHours(1), default);
        await SendMessageAsync(site, ada, room.Id, "@zoe look");

        site.Time.Advance(59 * Minute);
        await AddDueAsync(site);
        Assert.Empty(await site.ReadWaitingAsync());
        site.Time.Advance(Minute);
        await AddDueAsync(site);

        Assert.Single(await site.ReadWaitingAsync());
    }

    [Fact]
    public async Task A_mail_lists_the_newest_20_and_two_nodes_add_it_once()
    {
        await using var site = await MailSite.CreateAsync();
        var (ada, zoe) = await AddPeopleAsync(site);
        var room = await AddRoomAsync(site, ada, zoe);
        for (var i = 1; i <= MissedMessages.MaxListed + 1; i++)
            await SendMessageAsync(site, ada, room.Id, $"@room number {i}.");
        site.Time.Advance(60 * Minute);

        await Task.WhenAll(AddDueAsync(site), AddDueAsync(site));
        await AddDueAsync(site);

        var mail = Assert.Single(await site.ReadWaitingAsync());
        Assert.Equal("You have 21 unread messages", mail.Subject);
        Assert.DoesNotContain("number 1.", mail.Text, StringComparison.Ordinal);
        Assert.Contains("number 2.", mail.Text, StringComparison.Ordinal);
        Assert.Contains("https://chat.example.org/unread", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reminders_that_stay_due_are_mailed_once_alone_or_with_messages()
    {
        await using var site = await MailSite.CreateAsync();
        var (ada, zoe) = await AddPeopleAsync(site);
        var room = await AddRoomAsync(site, ada, zoe);
        await SendMessageAsync(site, ada, room.Id, "the plan");
        var reminders = site.Database.Services.GetRequiredService<MessageReminders>();
        await reminders.RemindAsync(zoe, room.Id, 1, site.Time.GetUtcNow() + Minute, null, default);
        await reminders.RemindAsync(zoe, Guid.NewGuid(), "later", site.Time.GetUtcNow().AddHours(5), null, default);

        site.Time.Advance(10 * Minute);
        await site.Database.Services.GetRequiredService<ReminderSchedule>().CallDueAsync(default);
        await AddDueAsync(site);
        Assert.Empty(await site.ReadWaitingAsync());
        site.Time.Advance(10 * Minute);
        await AddDueAsync(site);
        site.Time.Advance(20 * Minute);
        await AddDueAsync(site);

        var mail = Assert.Single(await site.ReadWaitingAsync());
        Assert.Equal("You have a reminder", mail.Subject);
        Assert.Contains("Reminder of a message from Ada\n> the plan\n", mail.Text, StringComparison.Ordinal);
        Assert.Contains("https://chat.example.org/saved", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("later", mail.Text, StringComparison.Ordinal);
    }

    private static async Task<(ClaimsPrincipal Ada, ClaimsPrincipal Zoe)> AddPeopleAsync(MailSite site, int minutes = 15)
    {
        var (ada, zoe) = (await site.Database.AddPersonAsync("Ada"), await site.Database.AddPersonAsync("Zoe"));
        await PreferencesOf(site).SetMailAfterAsync(zoe, minutes, default);
        return (ada, zoe);
    }

    private static async Task<RoomView> AddRoomAsync(MailSite site, ClaimsPrincipal owner, ClaimsPrincipal member, string name = "Room")
    {
        var room = await site.Database.Rooms.CreateAsync(owner, name, default);
        await site.Database.Rooms.JoinAsync(member, room.Id, default);
        return room;
    }

    private static Task<MessageView> SendMessageAsync(MailSite site, ClaimsPrincipal author, int roomId, string text) =>
        site.Database.Conversation.SendAsync(author, roomId, Guid.NewGuid(), text, default);

    private static Task AddDueAsync(MailSite site) =>
        new MissedMessageMails(site.Databases, site.Outbox, site.Database.Presence, site.Time, NullLogger<MissedMessageMails>.Instance).AddDueAsync(default);

    private static NotificationPreferences PreferencesOf(MailSite site) =>
        new(site.Databases, site.Database.Services.GetRequiredService<CommandLimit>(), site.Database.Layer, site.Time);

    private static async Task BanAsync(MailSite site, int userId)
    {
        await using var db = await site.Database.OpenAsync();
        db.Users.Single(user => user.Id == userId).BannedAt = DateTime.UnixEpoch;
        await db.SaveChangesAsync();
    }
}
