using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Admin;

/// <summary>An admin names the site; open pages on another node follow.</summary>
public sealed class SiteSettingsTests(BrowserFixture browser, TwoNodeSite site) : IClassFixture<TwoNodeSite>
{
    [Fact]
    public async Task A_name_a_logo_and_a_color_reach_open_pages_and_the_sign_in()
    {
        await using var ada = await browser.NewPersonAsync(site.Node.Address, "Ada");
        await ada.BringSessionAsync(site.Ada, site.Node.Address);
        var member = await site.JoinAsync("Zoe");
        await using var zoe = await browser.NewPersonAsync(site.Second.Address, "Zoe", width: 360, height: 740, scheme: ColorScheme.Dark);
        await zoe.BringSessionAsync(member, site.Second.Address);
        await zoe.OpenRoomAsync(1);

        await ada.Page.GotoAsync("admin/settings");
        await ada.Page.Locator(".site-settings[data-ready]").WaitForAsync();
        await ada.Page.GetByLabel("Choose a picture").SetInputFilesAsync(new FilePayload { Name = "sign.png", MimeType = "image/png", Buffer = TestPictures.Png(300, 300) });
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Remove logo" }).WaitForAsync();
        await ada.Page.GetByLabel("Site name").FillAsync("Harbor");
        await ada.Page.GetByLabel("Welcome text").FillAsync("Be kind.");
        await ada.Page.GetByLabel("Use an accent color of your own").CheckAsync();
        await ada.Page.GetByLabel("Accent color", new() { Exact = true }).FillAsync("#0a6b4e");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Save site" }).ClickAsync();
        await ada.Page.GetByText("Saved.").WaitForAsync();

        foreach (var person in new[] { ada, zoe })
        {
            await Assertions.Expect(person.Page.Locator(".shell-name")).ToHaveTextAsync("Harbor");
            await Assertions.Expect(person.Page.Locator(".shell-name img")).ToHaveCountAsync(1);
            await person.Page.WaitForFunctionAsync("() => getComputedStyle(document.documentElement).getPropertyValue('--bc-accent').includes('#0a6b4e')");
        }

        await ada.AssertAccessibleAsync();
        await ada.ScreenshotAsync("site-settings-light");
        await zoe.AssertAccessibleAsync();
        await zoe.ScreenshotAsync("site-room-dark-360");

        await using var visitor = await browser.NewPersonAsync(site.Second.Address, "Visitor", scheme: ColorScheme.Dark);
        await visitor.Page.GotoAsync("account/login");
        await Assertions.Expect(visitor.Page).ToHaveTitleAsync("Sign in · Harbor");
        await visitor.Page.GetByText("Be kind.").WaitForAsync();
        await visitor.AssertAccessibleAsync();
        await visitor.ScreenshotAsync("site-sign-in-dark");
    }
}
