using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms.Links;

/// <summary>Reminders that are set from a message and by a command, on a computer and on a phone.</summary>
public sealed class ReminderTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _room = default!;
    private Member _member = default!;
    private Person _ada = default!;

    private ILocator Reminders => _ada.Page.Locator(".reminder-list li");

    public async ValueTask InitializeAsync()
    {
        _member = await site.JoinAsync("Ada");
        using var minsu = await site.JoinAsync("김민수");
        _room = await site.AddRoomAsync(_member, minsu);
        await site.FillRoomAsync(_room, minsu, count: 3, sequence => $"line {sequence}", lastRead: 3);
        _ada = await browser.NewPersonAsync(_member);
    }

    public async ValueTask DisposeAsync()
    {
        await _ada.DisposeAsync();
        _member.Dispose();
    }

    [Fact]
    public async Task A_message_reminds_when_its_time_comes_and_the_reminder_is_done()
    {
        await _ada.OpenRoomAsync(_room.Id);
        await _ada.Message(2).HoverAsync();
        await _ada.Action("More actions").ClickAsync();
        await _ada.Action("Remind me…").ClickAsync();
        var dialog = _ada.Page.GetByRole(AriaRole.Dialog, new() { Name = "When do you want to be reminded?" });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "In an hour" }).WaitForAsync();
        await _ada.ScreenshotAsync("remind-light-wide");
        await _ada.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "In an hour" }).ClickAsync();
        await Assertions.Expect(_ada.Page.Locator(".messages-notice")).ToContainTextAsync("Reminder set for");

        // By a command: what cannot be read stays in the box.
        await _ada.SendMessageAsync("/remind someday to rest");
        await Assertions.Expect(_ada.Page.Locator(".composer [data-error]")).ToContainTextAsync("/remind me in 20 minutes");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("/remind someday to rest");
        await _ada.SendMessageAsync("/remind 내일 9시 회의");
        // As the dialog says it: in the reader's language and zone.
        await Assertions.Expect(_ada.Page.Locator(".messages-notice")).ToHaveTextAsync(
            await _ada.Page.EvaluateAsync<string>("""
                () => {
                    const at = new Date();
                    at.setDate(at.getDate() + 1);
                    at.setHours(9, 0, 0, 0);
                    return `Reminder set for ${at.toLocaleString(navigator.languages, { dateStyle: "medium", timeStyle: "short" })}. You find it under Saved.`;
                }
                """));
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("");

        // Its time comes.
        await using (var database = new DirectDatabase(site.Node.DataFolder))
        {
            var now = DateTime.UtcNow;
            await database.Db.Reminders.Where(reminder => reminder.MessageId != null).ExecuteUpdateAsync(row => row.SetProperty(r => r.DueAt, now));
        }

        await Assertions.Expect(_ada.Page.Locator(".room-nav-reminders")).ToContainTextAsync("1");
        await _ada.Page.Locator("a.room-nav-link[href=saved]").ClickAsync();
        await Assertions.Expect(Reminders).ToHaveCountAsync(2);
        await Assertions.Expect(Reminders.First).ToContainTextAsync("Due");
        await Assertions.Expect(Reminders.First).ToContainTextAsync("line 2");
        await Assertions.Expect(Reminders.Last).ToContainTextAsync("9:00");
        await _ada.ScreenshotAsync("reminders-light-wide");
        await _ada.AssertAccessibleAsync();
        await Reminders.First.GetByRole(AriaRole.Button, new() { Name = "Snooze" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Tomorrow at 9:00" }).ClickAsync();
        await Assertions.Expect(_ada.Page.Locator(".reminder-mark")).ToHaveCountAsync(0);
        await Assertions.Expect(_ada.Page.Locator(".room-nav-reminders")).ToHaveCountAsync(0);
        await Reminders.Filter(new() { HasText = "line 2" }).GetByRole(AriaRole.Button, new() { Name = "Remove" }).PressAsync("Enter");
        await Assertions.Expect(Reminders).ToHaveCountAsync(1);
        await Assertions.Expect(Reminders.First).ToBeFocusedAsync();
        await _ada.ScreenshotAsync("reminders-focus-light-wide");
        await Reminders.First.GetByRole(AriaRole.Button, new() { Name = "Remove" }).PressAsync("Enter");
        await Assertions.Expect(_ada.Page.GetByRole(AriaRole.Heading, new() { Name = "Reminders" })).ToBeFocusedAsync();
    }

    [Fact]
    public async Task On_a_phone_the_sheet_of_a_message_reminds()
    {
        await using var phone = await browser.NewPersonAsync(_member, width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
        await phone.OpenRoomAsync(_room.Id);
        await phone.PressLongAsync(phone.Message(3).Locator(".message-text"));
        await phone.Action("Remind me…").TapAsync();
        var dialog = phone.Page.GetByRole(AriaRole.Dialog, new() { Name = "When do you want to be reminded?" });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Tomorrow at 9:00" }).TapAsync();
        await Assertions.Expect(phone.Page.Locator(".messages-notice")).ToContainTextAsync("9:00");
        await phone.Page.GotoAsync("saved");
        await phone.Page.Locator(".reminder-list li").WaitForAsync();
        await phone.ScreenshotAsync("reminders-dark-360");
        await phone.AssertAccessibleAsync();
    }
}
