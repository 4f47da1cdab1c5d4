using BlazorChat.Tests.Support;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser;

public sealed class PasskeyTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_passkey_is_added_named_used_and_deleted()
    {
        await using var node = await NodeProcess.StartAsync();
        // A passkey belongs to a host name; an address of numbers cannot have one.
        await using var ada = await browser.NewPersonAsync(new UriBuilder(node.Address) { Host = "localhost" }.Uri, "Ada");
        await ada.SetUpPlaceAsync();
        var devtools = await ada.Page.Context.NewCDPSessionAsync(ada.Page);
        await devtools.SendAsync("WebAuthn.enable");
        await devtools.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
            },
        });

        await ada.Page.GotoAsync("account/passkeys");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await ada.Page.GetByLabel("Name of the passkey").FillAsync("My laptop");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await Assertions.Expect(ada.Page.GetByLabel("Name of the passkey")).ToHaveValueAsync("My laptop");

        await ada.Page.Context.ClearCookiesAsync();
        await ada.Page.GotoAsync("account/login");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await ada.Page.GetByRole(AriaRole.Heading, new() { Name = "All rooms" }).WaitForAsync();

        await ada.Page.GotoAsync("account/passkeys");
        var leftOpen = await ada.Page.Context.NewPageAsync();
        await leftOpen.GotoAsync(ada.Page.Url);
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(ada.Page.GetByLabel("Name of the passkey")).ToHaveCountAsync(0);
        await leftOpen.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await Assertions.Expect(leftOpen.GetByText("This passkey is deleted already.")).ToBeVisibleAsync();
    }
}
