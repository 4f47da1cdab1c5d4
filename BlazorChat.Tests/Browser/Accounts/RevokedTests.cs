using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Accounts;

public sealed class RevokedTests(BrowserFixture browser)
{
    [Fact]
    public async Task An_open_room_redirects_to_the_sign_in_soon_after_the_password_was_changed_elsewhere()
    {
        await using var node = await HostedNode.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        await ada.SetUpSiteAsync();
        await ada.OpenRoomAsync(1);
        using var elsewhere = new FormClient(node.Address);
        using var signedIn = await elsewhere.SignInAsync("Ada");

        using var changed = await elsewhere.SubmitAsync(
            "account/manage", "password", ("Password.Old", FormClient.Password), ("Password.New", "another password"));

        // Waits for the content: a wait for the address that starts during the navigation may miss it.
        await ada.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" }).WaitForAsync();
        Assert.Equal("/account/login?returnUrl=%2Frooms%2F1", new Uri(ada.Page.Url).PathAndQuery);
    }
}
