using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Accounts;

public sealed class AccountPagesTests(BrowserFixture browser)
{
    [Fact]
    public async Task Account_pages_fit_a_narrow_phone_and_have_large_targets()
    {
        await using var node = await HostedNode.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada", width: 360, height: 720, ColorScheme.Dark);
        await ada.Page.GotoAsync("setup");
        await CheckAsync(ada.Page);
        var invitation = await ada.SetUpSiteAsync();
        await using var zoe = await browser.NewPersonAsync(node.Address, new string('Z', 60), width: 360, height: 720);
        foreach (var page in new[] { "account/login", "account/register", invitation, "join/unknown", "account/password/1/AAAA" })
        {
            await zoe.Page.GotoAsync(page);
            await CheckAsync(zoe.Page);
        }

        await zoe.JoinByInvitationAsync(invitation);
        foreach (var page in new[] { "setup/site", "account/manage", "account/two-factor", "account/passkeys", "admin/invitations", "admin/jobs", "admin/bots", "admin/emoji", "admin/people" })
        {
            await ada.Page.GotoAsync(page);
            await CheckAsync(ada.Page);
        }

        await ada.Page.GetByRole(AriaRole.Button, new() { Name = $"Create reset link for {zoe.Name}" }).ClickAsync();
        var link = await ada.Page.Locator("#password-link").InnerTextAsync();
        await CheckAsync(ada.Page);
        await ada.ScreenshotAsync("people-narrow-dark");
        await ada.Page.GotoAsync("admin/bots");
        await ada.Page.GetByLabel("Name").FillAsync(new string('B', 60));
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Create bot" }).ClickAsync();
        var key = await ada.Page.Locator("#bot-key").InnerTextAsync();
        Assert.StartsWith("bc_", key, StringComparison.Ordinal);
        await ada.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync();
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Copied" }).WaitForAsync();
        Assert.Equal(key, await ada.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
        await CheckAsync(ada.Page);
        await ada.ScreenshotAsync("bots-narrow-dark");
        await zoe.Page.GotoAsync(link);
        await CheckAsync(zoe.Page);
    }

    private static async Task CheckAsync(IPage page)
    {
        Assert.InRange(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), 1, 360);
        var small = await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('main button, main .button, main input:not([type=hidden]):not([type=checkbox]):not([type=radio]), main label:has(input)')]
                .filter(target => target.checkVisibility() && target.getBoundingClientRect().height < 44)
                .map(target => target.outerHTML)
            """);
        Assert.Empty(small);
    }
}
