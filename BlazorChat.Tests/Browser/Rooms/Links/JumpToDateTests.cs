using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms.Links;

/// <summary>Going to a day of a long room, to its first message, and to what is unread.</summary>
public sealed class JumpToDateTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private const int Days = 90, PerDay = 10;

    private Room _room = default!;
    private Member _member = default!;
    private Person _ada = default!;

    private ILocator Labels => _ada.Page.Locator(".messages-day");

    public async ValueTask InitializeAsync()
    {
        _member = await site.JoinAsync("Ada");
        _room = await site.AddRoomAsync(_member);
        await site.FillRoomAsync(_room, _member, Days * PerDay, i => $"message {i}", lastRead: 850);
        await using var database = new DirectDatabase(site.Node.DataFolder);
        for (var day = 0; day < Days; day++)
        {
            var (first, sent) = (day * PerDay, DateTime.UtcNow.Date.AddDays(day - Days).AddHours(12));
            await database.Db.Messages
                .Where(message => message.RoomId == _room.Id && message.Sequence > first && message.Sequence <= first + PerDay)
                .ExecuteUpdateAsync(message => message.SetProperty(m => m.SentAt, sent));
        }

        _ada = await browser.NewPersonAsync(_member);
    }

    public async ValueTask DisposeAsync()
    {
        await _ada.DisposeAsync();
        _member.Dispose();
    }

    [Fact]
    public async Task A_day_is_chosen_by_Ctrl_K_and_its_label_stays_at_the_top()
    {
        await _ada.OpenRoomAsync(_room.Id);
        await _ada.Composer.PressAsync("Control+k");
        await _ada.Page.GetByRole(AriaRole.Combobox, new() { Name = "Jump to" }).FillAsync("date");
        await _ada.Page.Keyboard.PressAsync("Enter");
        var dialog = _ada.Page.GetByRole(AriaRole.Dialog, new() { Name = "Jump to date" });
        await dialog.Locator(".mud-day").First.WaitForAsync();
        await _ada.ScreenshotAsync("jump-to-date-light-wide");
        await _ada.AssertAccessibleAsync();
        // The picker begins with the month in the reader's zone.
        var chosen = TimeZoneInfo.ConvertTimeFromUtc(DateTime.UtcNow, BrowserFixture.Zone).AddMonths(-1);
        await dialog.Locator(".mud-picker-calendar-header-switch button").First.ClickAsync();
        await Assertions.Expect(dialog.Locator(".mud-picker-calendar-header-switch")).ToContainTextAsync(chosen.ToString("MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture));
        await dialog.Locator(".mud-day:not(.mud-hidden)").GetByText("10", new() { Exact = true }).ClickAsync();

        var expected = (Days + (new DateTime(chosen.Year, chosen.Month, 10) - DateTime.UtcNow.Date).Days) * PerDay + 1;
        await Assertions.Expect(_ada.Message(expected)).ToHaveAttributeAsync("data-target", "");
        await Assertions.Expect(_ada.Message(expected)).ToBeInViewportAsync();
        Assert.EndsWith($"rooms/{_room.Id}#m-{expected}", _ada.Page.Url, StringComparison.Ordinal);

        // Scrolling within the day leaves its label where it is, above the messages.
        var label = Labels.Filter(new() { HasText = " 10" }).First;
        await _ada.Message(expected + PerDay - 1).EvaluateAsync("row => row.scrollIntoView({ block: 'start' })");
        await Assertions.Expect(label).ToBeInViewportAsync();
        Assert.InRange(await TopOfAsync(label) - await TopOfAsync(_ada.Page.GetByRole(AriaRole.Log)), -1, 1);
        await _ada.ScreenshotAsync("sticky-day-light-wide");
    }

    [Fact]
    public async Task The_menu_leads_to_the_first_message_and_to_the_first_unread_one()
    {
        await _ada.OpenRoomAsync(_room.Id);
        await Assertions.Expect(_ada.Message(851)).ToBeInViewportAsync();
        await ChooseAsync("Jump to first message");
        await Assertions.Expect(_ada.Message(1)).ToBeInViewportAsync();
        await _ada.ScreenshotAsync("first-message-light-wide");

        var unread = await site.LastReadAsync(_room, _member) + 1;
        await ChooseAsync("Jump to first unread");
        await Assertions.Expect(_ada.Message((int)unread)).ToBeInViewportAsync();
    }

    private async Task ChooseAsync(string item)
    {
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Room menu" }).ClickAsync();
        await _ada.Page.Locator("#room-menu").GetByRole(AriaRole.Button, new() { Name = item }).ClickAsync();
    }

    private static Task<double> TopOfAsync(ILocator element) => element.EvaluateAsync<double>("element => element.getBoundingClientRect().top");
}
