using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorChat.Tests.Browser.Admin;

/// <summary>A message is reported on a phone, and an admin deletes it from the queue.</summary>
public sealed class ReportTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task A_reported_message_waits_in_the_open_queue_and_is_deleted_for_everyone()
    {
        using var max = await site.JoinAsync("Max");
        using var zoe = await site.JoinAsync("Zoe");
        var room = await site.AddRoomAsync(max, zoe);
        await using var admin = await browser.NewPersonAsync(site.Ada);
        await using var writer = await browser.NewPersonAsync(max);
        await using var reporter = await browser.NewPersonAsync(zoe, width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
        await admin.Page.GotoAsync("admin/reports");
        await admin.Page.Locator(".reports[data-ready]").WaitForAsync();
        await admin.Page.GetByText("No reports are waiting.").WaitForAsync();
        await writer.OpenRoomAsync(room.Id);
        await reporter.OpenRoomAsync(room.Id);
        await writer.SendMessageAsync("buy now");
        await reporter.SeesAsync("buy now");
        // Nobody reports their own messages.
        await writer.Message(1).HoverAsync();
        await writer.Action("More actions").ClickAsync();
        await Expect(writer.Action("Report message")).ToBeHiddenAsync();

        await reporter.PressLongAsync(reporter.Message(1).Locator(".message-text"));
        await reporter.Action("Report message").TapAsync();
        var dialog = reporter.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Details (optional)").FillAsync("every day");
        await reporter.AssertAccessibleAsync();
        await reporter.ScreenshotAsync("report-dark-narrow");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Report", Exact = true }).TapAsync();
        await reporter.Page.GetByText("Reported. Admins will look at it.").WaitForAsync();

        var card = admin.Page.Locator(".reported");
        await Expect(card).ToContainTextAsync("every day");
        await Expect(card).ToContainTextAsync("buy now");
        await admin.AssertAccessibleAsync();
        await admin.ScreenshotAsync("reports-light-wide");
        await card.GetByRole(AriaRole.Button, new() { Name = "Delete message by Max" }).ClickAsync();
        await Expect(card).ToContainTextAsync("You can't undo it.");
        await card.GetByRole(AriaRole.Button, new() { Name = "Delete message by Max" }).ClickAsync();

        await admin.Page.GetByText("No reports are waiting.").WaitForAsync();
        await Expect(writer.Message(1)).ToHaveAttributeAsync("data-deleted", "");
        await Expect(reporter.Message(1)).ToHaveAttributeAsync("data-deleted", "");
    }
}
