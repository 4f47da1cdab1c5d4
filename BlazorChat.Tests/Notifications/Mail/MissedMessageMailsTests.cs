using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities;
using BlazorChat.Notifications.Mail;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Messages;
using Microsoft.Extensions.DependencyInjection;
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
        await SayAsync(site, ada, room.Id, "Nobody in particular");
        await SayAsync(site, ada, room.Id, "@zoe look <at> this");
        await SayAsync(site, ada, direct.RoomId, "Hello " + string.Concat(Enumerable.Repeat("word ", 100)));

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
    public async Task Between_two_mails_are_15_minutes_and_the_second_has_only_what_is_new()
    {
        await using var site = await MailSite.CreateAsync();
        var (ada, zoe) = await AddPeopleAsync(site, minutes: 1);
        var room = await AddRoomAsync(site, ada, zoe);
        await SayAsync(site, ada, room.Id, "@zoe first");
        site.Time.Advance(Minute);
        await AddDueAsync(site);
        await SayAsync(site, ada, room.Id, "@zoe second");

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
        await SayAsync(site, ada, room.Id, "@zoe before");
        site.Time.Advance(Minute);
        await PreferencesOf(site).SetMailAfterAsync(zoe, 15, default);
        await SayAsync(site, ada, room.Id, "@zoe after");
        site.Time.Advance(Minute);
        // A person who chooses another time asked before.
        await PreferencesOf(site).SetMailAfterAsync(zoe, 20, default);

        site.Time.Advance(19 * Minute);
        await AddDueAsync(site);

        var mail = Assert.Single(await site.ReadWaitingAsync());
        Assert.Contains("@Zoe after", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("@Zoe before", mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("read")]
    [InlineData("muted")]
    [InlineData("left")]
    [InlineData("deleted")]
    [InlineData("banned")]
    [InlineData("never")]
    public async Task What_was_read_or_may_not_notify_is_not_mailed(string why)
    {
        await using var site = await MailSite.CreateAsync();
        var (ada, zoe) = await AddPeopleAsync(site);
        var room = await AddRoomAsync(site, ada, zoe);
        await SayAsync(site, ada, room.Id, "@zoe look");
        await (why switch
        {
            "read" => site.Database.Conversation.MarkReadAsync(zoe, room.Id, 1, default),
            "muted" => site.Database.Preferences.SetLevelAsync(zoe, room.Id, RoomLevel.Nothing, default),
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
    public async Task A_quiet_person_gets_the_mail_when_the_quiet_time_is_over()
    {
        await using var site = await MailSite.CreateAsync();
        var (ada, zoe) = await AddPeopleAsync(site);
        var room = await AddRoomAsync(site, ada, zoe);
        await PreferencesOf(site).SetDoNotDisturbAsync(zoe, site.Time.GetUtcNow().UtcDateTime.AddHours(1), default);
        await SayAsync(site, ada, room.Id, "@zoe look");

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
            await SayAsync(site, ada, room.Id, $"@room number {i}.");
        site.Time.Advance(60 * Minute);

        await Task.WhenAll(AddDueAsync(site), AddDueAsync(site));
        await AddDueAsync(site);

        var mail = Assert.Single(await site.ReadWaitingAsync());
        Assert.Equal("You have 21 unread messages", mail.Subject);
        Assert.DoesNotContain("number 1.", mail.Text, StringComparison.Ordinal);
        Assert.Contains("number 2.", mail.Text, StringComparison.Ordinal);
        Assert.Contains("https://chat.example.org/unread", mail.Text, StringComparison.Ordinal);
    }

    private static async Task<(ClaimsPrincipal Ada, ClaimsPrincipal Zoe)> AddPeopleAsync(MailSite site, int minutes = 15)
    {
        var (ada, zoe) = (await site.Database.AddPersonAsync("Ada"), await site.Database.AddPersonAsync("Zoe"));
        await PreferencesOf(site).SetMailAfterAsync(zoe, minutes, default);
        return (ada, zoe);
    }

    private static async Task<RoomView> AddRoomAsync(MailSite site, ClaimsPrincipal owner, ClaimsPrincipal member)
    {
        var room = await site.Database.Rooms.CreateAsync(owner, "Room", default);
        await site.Database.Rooms.JoinAsync(member, room.Id, default);
        return room;
    }

    private static Task<MessageView> SayAsync(MailSite site, ClaimsPrincipal author, int roomId, string text) =>
        site.Database.Conversation.SendAsync(author, roomId, Guid.NewGuid(), text, default);

    private static Task AddDueAsync(MailSite site) =>
        new MissedMessageMails(site.Databases, site.Outbox, site.Time, NullLogger<MissedMessageMails>.Instance).AddDueAsync(default);

    private static NotificationPreferences PreferencesOf(MailSite site) =>
        new(site.Databases, site.Database.Services.GetRequiredService<CommandLimit>(), site.Time);

    private static async Task BanAsync(MailSite site, int userId)
    {
        await using var db = await site.Database.OpenAsync();
        db.Users.Single(user => user.Id == userId).BannedAt = DateTime.UnixEpoch;
        await db.SaveChangesAsync();
    }
}
