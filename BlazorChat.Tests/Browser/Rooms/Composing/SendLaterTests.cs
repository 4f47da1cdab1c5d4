using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms.Composing;

/// <summary>Messages that are scheduled from the composer, and the page of drafts, on a computer and on a phone.</summary>
public sealed class SendLaterTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _room = default!;
    private Member _member = default!;
    private Person _ada = default!;

    private ILocator Notice => _ada.Page.Locator(".messages-notice");

    private ILocator Scheduled => _ada.Page.Locator(".scheduled-list li");

    public async ValueTask InitializeAsync()
    {
        _member = await site.JoinAsync("Ada");
        _room = await site.AddRoomAsync(_member);
        _ada = await browser.NewPersonAsync(_member);
    }

    public async ValueTask DisposeAsync()
    {
        await _ada.DisposeAsync();
        _member.Dispose();
    }

    [Fact]
    public async Task A_message_with_a_file_is_scheduled_changed_deleted_and_sent_at_its_time()
    {
        await _ada.OpenRoomAsync(_room.Id);
        await _ada.Page.Locator("[data-picker]").First.SetInputFilesAsync(new FilePayload { Name = "notes.txt", MimeType = "text/plain", Buffer = "notes"u8.ToArray() });
        await _ada.Composer.FillAsync("see you tomorrow");
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Send later" }).ClickAsync();
        var dialog = _ada.Page.GetByRole(AriaRole.Dialog, new() { Name = "Send later" });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Tomorrow at 9:00" }).WaitForAsync();
        await _ada.ScreenshotAsync("send-later-light-wide");
        await _ada.AssertAccessibleAsync();

        // Closing it loses nothing.
        await _ada.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("see you tomorrow");
        await Assertions.Expect(_ada.Composer).ToBeFocusedAsync();
        await _ada.Composer.PressAsync("Alt+Enter");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Tomorrow at 9:00" }).ClickAsync();
        await Assertions.Expect(Notice).ToContainTextAsync("Scheduled for");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("");
        await Assertions.Expect(_ada.Page.Locator(".composer-files li")).ToHaveCountAsync(0);

        // A time of one's own.
        await _ada.Composer.FillAsync("at half past three");
        await _ada.Composer.PressAsync("Alt+Enter");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Custom date and time" }).ClickAsync();
        await Assertions.Expect(dialog.GetByLabel("Time", new() { Exact = true })).ToBeFocusedAsync();
        await dialog.GetByLabel("Time", new() { Exact = true }).FillAsync("15:30");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Schedule" }).FocusAsync();
        await Assertions.Expect(dialog.Locator(".time-chosen")).ToContainTextAsync("3:30");
        await _ada.ScreenshotAsync("send-later-custom-light-wide");
        await _ada.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Schedule" }).ClickAsync();
        await Assertions.Expect(Notice).ToContainTextAsync("3:30");

        // The drawer has their number, and the page lists them.
        await Assertions.Expect(_ada.Page.Locator(".room-nav-scheduled")).ToContainTextAsync("2");
        await _ada.Page.Locator(".room-nav-drafts").ClickAsync();
        await Assertions.Expect(Scheduled).ToHaveCountAsync(2);
        await Assertions.Expect(Scheduled.First).ToContainTextAsync("see you tomorrow notes.txt");
        await Assertions.Expect(Scheduled.First).ToContainTextAsync("9:00");
        await _ada.ScreenshotAsync("drafts-light-wide");
        await _ada.AssertAccessibleAsync();
        await Scheduled.Last.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await _ada.Page.GetByLabel("Message", new() { Exact = true }).FillAsync("at half past three sharp");
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(Scheduled.Last).ToContainTextAsync("sharp");
        await Scheduled.Last.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(Scheduled).ToHaveCountAsync(1);
        await Assertions.Expect(Scheduled.First).ToBeFocusedAsync();
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(Scheduled).ToHaveCountAsync(2);
        await Scheduled.Last.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(Scheduled).ToHaveCountAsync(1);

        // Its time comes.
        await using (var database = new DirectDatabase(site.Node.DataFolder))
        {
            var now = DateTime.UtcNow;
            await database.Db.ScheduledMessages.ExecuteUpdateAsync(row => row.SetProperty(r => r.NextAttemptAt, now));
        }

        await Assertions.Expect(Scheduled).ToHaveCountAsync(0);
        await _ada.OpenRoomAsync(_room.Id);
        await _ada.SeesAsync("see you tomorrow");
        await Assertions.Expect(_ada.Message(1).Locator(".attachments")).ToContainTextAsync("notes.txt");
    }

    [Fact]
    public async Task Drafts_of_the_tab_are_listed_opened_and_deleted_with_undo_on_a_phone()
    {
        await using var phone = await browser.NewPersonAsync(_member, width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
        var drafts = phone.Page.Locator(".browser-drafts li");
        await phone.OpenRoomAsync(_room.Id);
        await phone.Composer.FillAsync("내일 회의에서 말할 것");
        await phone.ScreenshotAsync("composer-later-dark-360");
        await phone.Page.GotoAsync("drafts");
        await Assertions.Expect(drafts).ToHaveCountAsync(1);
        await Assertions.Expect(drafts).ToContainTextAsync(_room.Name);
        await Assertions.Expect(drafts.Locator("time")).Not.ToBeEmptyAsync();
        await Assertions.Expect(phone.Page.Locator(".room-nav-drafts .visually-hidden")).ToHaveTextAsync("1 draft or scheduled message");
        await phone.ScreenshotAsync("drafts-dark-360");
        await phone.AssertAccessibleAsync();

        await drafts.GetByRole(AriaRole.Button).TapAsync();
        await Assertions.Expect(drafts).ToContainTextAsync("Draft deleted.");
        await Assertions.Expect(phone.Page.Locator(".room-nav-scheduled")).ToHaveCountAsync(0);
        await drafts.GetByRole(AriaRole.Button, new() { Name = "Undo" }).TapAsync();
        await drafts.GetByRole(AriaRole.Link).TapAsync();
        await phone.ReadyToWriteAsync();
        await Assertions.Expect(phone.Composer).ToHaveValueAsync("내일 회의에서 말할 것");

        await phone.Page.GotoAsync("drafts");
        await drafts.GetByRole(AriaRole.Button).TapAsync();
        await phone.Page.GotoAsync("drafts");
        await phone.Page.Locator(".browser-drafts[data-ready] [data-none]").WaitForAsync();
        await phone.OpenRoomAsync(_room.Id);
        await Assertions.Expect(phone.Composer).ToHaveValueAsync("");
    }

    [Fact]
    public async Task A_command_and_a_refused_text_are_not_scheduled_and_stay()
    {
        await _ada.OpenRoomAsync(_room.Id);
        await _ada.Composer.PressAsync("Alt+Enter");
        await Assertions.Expect(_ada.Page.Locator(".composer [data-error]")).ToHaveTextAsync("Write something first.");
        await _ada.Composer.FillAsync("/topic Launch");
        await _ada.Composer.PressAsync("Alt+Enter");
        await Assertions.Expect(_ada.Page.Locator(".composer [data-error]")).ToHaveTextAsync("A command can't be scheduled.");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("/topic Launch");
    }
}
