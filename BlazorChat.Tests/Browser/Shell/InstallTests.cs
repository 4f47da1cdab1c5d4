using System.Text.Json;
using System.Text.RegularExpressions;
using BlazorChat.Shell.Http;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Shell;

/// <summary>The site as an app that a browser installs.</summary>
public sealed partial class InstallTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_browser_can_install_the_site_and_finds_every_icon_and_shortcut()
    {
        await using var node = await HostedNode.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        await ada.SetUpSiteAsync();
        var devtools = await ada.Page.Context.NewCDPSessionAsync(ada.Page);

        var manifest = (await devtools.SendAsync("Page.getAppManifest"))!.Value;
        var errors = (await devtools.SendAsync("Page.getInstallabilityErrors"))!.Value.GetProperty("installabilityErrors");

        Assert.Equal(new Uri(node.Address, "manifest.webmanifest?lang=en").ToString(), manifest.GetProperty("url").GetString());
        Assert.Equal(0, manifest.GetProperty("errors").GetArrayLength());
        // The profile of a test is a private window, where nothing is installed.
        Assert.DoesNotContain(errors.EnumerateArray().Select(error => error.GetProperty("errorId").GetString()), error => error != "in-incognito");

        var content = JsonDocument.Parse(manifest.GetProperty("data").GetString()!).RootElement;
        Assert.Equal("BlazorChat", content.GetProperty("name").GetString());
        foreach (var icon in content.GetProperty("icons").EnumerateArray())
        {
            var answer = await ada.Page.APIRequest.GetAsync(icon.GetProperty("src").GetString()!);
            Assert.Equal((200, icon.GetProperty("type").GetString()), (answer.Status, answer.Headers["content-type"]));
        }

        foreach (var shortcut in content.GetProperty("shortcuts").EnumerateArray())
        {
            await ada.Page.GotoAsync(shortcut.GetProperty("url").GetString()!);
            await ada.Page.GetByRole(AriaRole.Heading, new() { Name = shortcut.GetProperty("name").GetString() }).First.WaitForAsync();
        }
    }

    [Fact]
    public async Task The_colours_are_those_of_the_theme()
    {
        var theme = await File.ReadAllTextAsync(Path.Combine(Node.Repository, "wwwroot", "css", "theme.css"));

        var colours = Background().Match(theme);
        Assert.Equal((WebManifest.LightColour, WebManifest.DarkColour), (colours.Groups[1].Value, colours.Groups[2].Value));
    }

    [GeneratedRegex(@"--bc-bg: light-dark\((#\w+), (#\w+)\)")]
    private static partial Regex Background();
}
