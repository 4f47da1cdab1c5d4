using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms.Members;

/// <summary>Status and profile of two people.</summary>
public sealed class ProfileTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_status_shows_in_the_profile_that_a_click_on_the_name_opens()
    {
        await using var node = await HostedNode.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada", width: 1440, height: 900);
        await using var zoe = await browser.NewPersonAsync(node.Address, "Zoe", width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
        await zoe.JoinByInvitationAsync(await ada.SetUpSiteAsync());
        await ada.OpenRoomAsync(1);
        await ada.SendMessageAsync("Hello");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Set a status" }).ClickAsync();
        var dialog = ada.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "In a meeting" }).ClickAsync();
        await ada.ScreenshotAsync("status");
        await ada.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Your status: 📅 In a meeting" }).WaitForAsync();

        await zoe.OpenRoomAsync(1);
        await zoe.SeesAsync("Hello");
        await zoe.Message(1).Locator(".message-author").TapAsync();
        var profile = zoe.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(profile).ToContainTextAsync("In a meeting");
        await Assertions.Expect(profile).ToContainTextAsync("Online");
        await Assertions.Expect(profile.Locator("time")).Not.ToBeEmptyAsync();
        await zoe.ScreenshotAsync("profile-phone-dark");
        await zoe.AssertAccessibleAsync();
        await profile.GetByRole(AriaRole.Button, new() { Name = "Message" }).TapAsync();
        await zoe.Page.Locator("h1").Filter(new() { HasText = "Ada" }).WaitForAsync();

        // By keys: the row, its toolbar, the profile.
        await ada.Page.GetByRole(AriaRole.Log).FocusAsync();
        await ada.Page.Keyboard.PressAsync("ArrowUp");
        await (await ada.MenuActionAsync("Profile")).FocusAsync();
        await ada.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog).ToContainTextAsync("@ada");
        await ada.ScreenshotAsync("profile");
        await ada.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(ada.Message(1)).ToBeFocusedAsync();
    }
}
