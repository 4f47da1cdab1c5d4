using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorChat.Tests.Browser.Liveblogs;

/// <summary>Links to other services on readers' pages. The test answers for the services, so no request leaves the machine.</summary>
public sealed class LiveblogEmbedTests(BrowserFixture browser, LiveblogSite site) : IClassFixture<LiveblogSite>
{
    private const string Video = "https://youtu.be/dQw4w9WgXcQ?t=42";
    private const string Frame = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=42";

    /// <summary>The tolerance: a browser lays out by fractions of pixels.</summary>
    private const double Pixel = 1;

    [Fact]
    public async Task A_frame_opens_on_a_click_and_stays_through_edits()
    {
        var liveblog = await site.StartLiveblogAsync("frames", "Frames");
        var below = await site.PostAsync(liveblog, "below");
        var post = await site.PostAsync(liveblog, $"Watch this.\n\n[The speech]({Video})\n\nIt is long.", "The speech");
        await using var reader = await browser.NewPersonAsync(site.Node.Address, "Reader");
        var requested = await reader.StandInForServicesAsync();
        await reader.ReadLiveblogAsync("frames");
        var link = reader.Cards.GetByRole(AriaRole.Link);
        await Expect(link).ToHaveTextAsync("The speech · YouTube Loads from www.youtube-nocookie.com, which may set cookies.");
        var top = await Person.TopOfAsync(reader.Post("below"));
        Assert.Empty(requested);

        await link.FocusAsync();
        await reader.Page.Keyboard.PressAsync("Enter");

        var frame = reader.Cards.Locator("iframe");
        await Expect(frame).ToBeFocusedAsync();
        await Expect(frame).ToHaveAttributeAsync("title", "The speech · YouTube");
        await Expect(frame).ToHaveAttributeAsync("allow", "fullscreen");
        await Expect(frame).ToHaveAttributeAsync("referrerpolicy", "strict-origin");
        await Expect(frame).Not.ToHaveAttributeAsync("sandbox", new System.Text.RegularExpressions.Regex("top-navigation|forms|modals"));
        await Expect(frame.ContentFrame.GetByRole(AriaRole.Button, new() { Name = "Play" })).ToBeVisibleAsync();
        Assert.Equal([Frame], requested);
        Assert.Equal(top, await Person.TopOfAsync(reader.Post("below")), Pixel);
        // The title of the frame shows later that it was not loaded again.
        var player = reader.Page.Frames.Single(part => part.Url == Frame);
        await player.EvaluateAsync("document.title = 'playing'");

        // An edit around the frame does not change it; an edit that removes the link removes it.
        await site.Database.EditPostAsync(site.Admin, liveblog, post.Id, $"Watch this now.\n\n> Soon to end.\n\n[The speech]({Video})");
        await Expect(reader.Post("Soon to end.")).ToContainTextAsync("edited");
        await Expect(reader.Post("Soon to end.").Locator(".post-text > *")).ToHaveTextAsync(["Watch this now.", "Soon to end.", "The speech · YouTube"]);
        Assert.Equal("playing", await player.EvaluateAsync<string>("document.title"));
        await Expect(frame).ToBeFocusedAsync();
        Assert.Equal([Frame], requested);
        await site.Database.EditPostAsync(site.Admin, liveblog, post.Id, "It is over.");
        await Expect(reader.Post("It is over.")).ToHaveCountAsync(1);
        await Expect(frame).ToHaveCountAsync(0);

        // Cards that arrive by the stream, and those on the post's page, open too.
        await site.Database.EditPostAsync(site.Admin, liveblog, below.Id, $"below\n\n{Video}");
        await Expect(link).ToContainTextAsync("Loads from");
        await reader.Page.GotoAsync($"liveblogs/frames/posts/{below.Id}");
        await link.ClickAsync();
        await Expect(frame.ContentFrame.GetByRole(AriaRole.Button, new() { Name = "Play" })).ToBeVisibleAsync();
        Assert.Equal([Frame, Frame], requested);
    }

    [Fact]
    public async Task A_card_is_a_link_without_scripts_and_with_Ctrl()
    {
        var liveblog = await site.StartLiveblogAsync("tabs", "Tabs");
        await site.PostAsync(liveblog, Video);
        await using var plain = await browser.NewPersonAsync(site.Node.Address, "Plain", hasScripts: false);
        await using var reader = await browser.NewPersonAsync(site.Node.Address, "Reader");
        await plain.ReadLiveblogAsync("tabs");
        await reader.ReadLiveblogAsync("tabs");

        var link = plain.Cards.GetByRole(AriaRole.Link);
        await Expect(link).ToHaveTextAsync("YouTube");
        await Expect(link).ToHaveAttributeAsync("href", Video);
        Assert.InRange((await plain.Cards.BoundingBoxAsync())!.Height, 1, 80);

        await Expect(reader.Cards).ToContainTextAsync("Loads from");
        var isLeftToTheBrowser = await reader.Cards.GetByRole(AriaRole.Link).EvaluateAsync<bool>("""
            link => {
                let isLeft;
                addEventListener("click", event => { isLeft = !event.defaultPrevented; event.preventDefault(); }, { once: true });
                link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: true }));
                return isLeft;
            }
            """);
        Assert.True(isLeftToTheBrowser);
        await Expect(reader.Cards.Locator("iframe")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Light, 360)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Cards_are_accessible_on_any_screen_and_on_paper(ColorScheme scheme, int width)
    {
        var name = $"{scheme.ToString().ToLowerInvariant()}-{width}";
        var liveblog = await site.StartLiveblogAsync($"cards-{name}", "Cards");
        await site.PostAsync(liveblog, "https://www.openstreetmap.org/#map=12/52.5/13.4\n\nhttps://open.spotify.com/episode/4uLU6hMCjMI75M1A2tKUQC\n\nhttps://x.com/somebody/status/1234567890123456789");
        await site.PostAsync(liveblog, $"The president speaks in the north.\n\n[“We have never seen so many people this early”]({Video})", "The speech", isKeyEvent: true);
        await using var reader = await browser.NewPersonAsync(site.Node.Address, "Reader", width, 900, scheme);
        await reader.StandInForServicesAsync();
        await reader.ReadLiveblogAsync(liveblog.Slug);
        await reader.ScreenshotAsync($"liveblog-card-{name}");
        await reader.AssertGoodAtAsync(width);
        await reader.Cards.First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(reader.Cards.First.Locator("iframe").ContentFrame.GetByRole(AriaRole.Button, new() { Name = "Play" })).ToBeVisibleAsync();
        await reader.ScreenshotAsync($"liveblog-frame-{name}");
        await reader.AssertGoodAtAsync(width);
        await reader.Cards.Last.ScrollIntoViewIfNeededAsync();
        await reader.ScreenshotAsync($"liveblog-cards-{name}");
        await reader.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(reader.Cards.First.Locator("iframe")).ToBeHiddenAsync();
        await Expect(reader.Cards.First.GetByRole(AriaRole.Link)).ToBeVisibleAsync();
        await reader.ScreenshotAsync($"liveblog-card-print-{name}");
    }
}
