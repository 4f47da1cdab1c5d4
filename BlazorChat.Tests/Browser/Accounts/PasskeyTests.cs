using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Accounts;

public sealed class PasskeyTests(BrowserFixture browser)
{
    /// <summary>Some browsers lack these methods, and the credentials of some password managers throw.</summary>
    private const string NoConversions =
        """
        delete PublicKeyCredential.parseCreationOptionsFromJSON;
        delete PublicKeyCredential.parseRequestOptionsFromJSON;
        PublicKeyCredential.prototype.toJSON = () => { throw new TypeError("Illegal invocation"); };
        """;

    [Theory]
    [InlineData("/* Everything as Chromium has it. */")]
    [InlineData(NoConversions)]
    public async Task A8_A9_A_passkey_is_added_named_used_and_deleted(string script)
    {
        await using var node = await HostedNode.StartAsync();
        await using var ada = await NewPersonAsync(node);
        await ada.Page.AddInitScriptAsync(script);
        await ada.SetUpSiteAsync();
        await AddAuthenticatorAsync(ada);

        await AddPasskeyAsync(ada, "My laptop");

        await ada.Page.Context.ClearCookiesAsync();
        await ada.Page.GotoAsync("account/login");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await ada.Page.GetByRole(AriaRole.Heading, new() { Name = "All rooms" }).WaitForAsync();
        // The cookie outlives the browser, as after a sign-in with a password.
        var session = (await ada.Page.Context.CookiesAsync()).Single(cookie => cookie.Name == "blazorchat");
        Assert.True(DateTimeOffset.FromUnixTimeSeconds((long)session.Expires) > DateTimeOffset.UtcNow.AddDays(29));

        await ada.Page.GotoAsync("account/passkeys");
        var leftOpen = await ada.Page.Context.NewPageAsync();
        await leftOpen.GotoAsync(ada.Page.Url);
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(ada.Page.GetByLabel("Name of the passkey")).ToHaveCountAsync(0);
        await leftOpen.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await Assertions.Expect(leftOpen.GetByText("This passkey was already deleted.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task G7_A_passkey_confirms_and_is_listed_and_deleted_with_the_old_password()
    {
        await using var node = await HostedNode.StartAsync();
        await using var ada = await NewPersonAsync(node);
        await ada.SetUpSiteAsync();
        await AddAuthenticatorAsync(ada);
        await AddPasskeyAsync(ada, "My laptop");
        await using (var database = new DirectDatabase(node.DataFolder))
            await database.Db.UserSessions.ExecuteUpdateAsync(s => s.SetProperty(session => session.ConfirmedAt, DateTime.UnixEpoch));

        await ada.Page.GotoAsync("account/passkeys");
        await ada.Page.GetByRole(AriaRole.Heading, new() { Name = "Confirm it's you" }).WaitForAsync();
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Assertions.Expect(ada.Page.GetByLabel("Name of the passkey")).ToHaveValueAsync("My laptop");

        await ada.Page.GotoAsync("account/sessions");
        await Assertions.Expect(ada.Page.Locator("#passkeys")).ToContainTextAsync("My laptop");

        await ada.Page.GotoAsync("account/manage");
        await ada.Page.GetByLabel("Current password").FillAsync(FormClient.Password);
        await ada.Page.GetByLabel("New password").FillAsync("another password");
        await ada.Page.GetByLabel("Delete them too").CheckAsync();
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await ada.Page.GetByText("Your password is changed").WaitForAsync();
        await ada.Page.GotoAsync("account/passkeys");
        await Assertions.Expect(ada.Page.GetByLabel("Name of the passkey")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A7_The_button_beside_a_password_shows_it()
    {
        await using var node = await HostedNode.StartAsync();
        await using var ada = await NewPersonAsync(node);
        await ada.Page.GotoAsync("setup");
        var box = ada.Page.GetByLabel("Password");
        await box.FillAsync("correct horse");

        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Assertions.Expect(box).ToHaveAttributeAsync("type", "text");
        await Assertions.Expect(box).ToBeFocusedAsync();
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Hide" }).ClickAsync();
        await Assertions.Expect(box).ToHaveAttributeAsync("type", "password");
        await Assertions.Expect(box).ToHaveValueAsync("correct horse");
    }

    /// <summary>A passkey belongs to a host name; an IP address cannot have one.</summary>
    private Task<Person> NewPersonAsync(Node node) => browser.NewPersonAsync(new UriBuilder(node.Address) { Host = "localhost" }.Uri, "Ada");

    private static async Task AddAuthenticatorAsync(Person ada)
    {
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
    }

    private static async Task AddPasskeyAsync(Person ada, string name)
    {
        await ada.Page.GotoAsync("account/passkeys");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await ada.Page.GetByLabel("Name of the passkey").FillAsync(name);
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await Assertions.Expect(ada.Page.GetByLabel("Name of the passkey")).ToHaveValueAsync(name);
    }
}
