using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorChat.Tests.Browser.Liveblogs;

/// <summary>The stream that the tabs of a browser share.</summary>
public sealed class LiveblogStreamTests(BrowserFixture browser, LiveblogSite site) : IClassFixture<LiveblogSite>
{
    /// <summary>One more than the connections of a browser to a host.</summary>
    private const int Tabs = 7;

    [Fact]
    public async Task E8_Many_tabs_share_one_stream_so_other_pages_load()
    {
        var liveblog = await site.StartLiveblogAsync("tabs", "Tabs");
        await site.PostAsync(liveblog, "before");
        await using var reader = await browser.NewPersonAsync(site.Node.Address, "Reader");
        var tabs = new List<IPage> { reader.Page };
        while (tabs.Count < Tabs)
            tabs.Add(await reader.Page.Context.NewPageAsync());
        foreach (var tab in tabs)
            await tab.GotoAsync("liveblogs/tabs");

        await site.PostAsync(liveblog, "received by all");

        foreach (var tab in tabs)
            await Expect(tab.Locator("[data-posts] article").First).ToContainTextAsync("received by all");
        await tabs[^1].GotoAsync("liveblogs");
        await Expect(tabs[^1].GetByRole(AriaRole.Heading, new() { Name = "Liveblogs" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task E8_A_hidden_tab_does_not_follow_and_catches_up_when_it_is_visible()
    {
        var liveblog = await site.StartLiveblogAsync("hidden", "Hidden");
        await using var reader = await browser.NewPersonAsync(site.Node.Address, "Reader");
        await using var other = await browser.NewPersonAsync(site.Node.Address, "Other");
        await reader.ReadLiveblogAsync("hidden");
        await other.ReadLiveblogAsync("hidden");
        await site.PostAsync(liveblog, "one");
        await Expect(reader.Posts).ToHaveCountAsync(1);

        await ShowAsync(reader.Page, "hidden");
        await site.PostAsync(liveblog, "two");
        await site.PostAsync(liveblog, "three");
        await Expect(other.Posts).ToHaveCountAsync(3);
        Assert.Equal(1, await reader.Posts.CountAsync());
        Assert.DoesNotContain("(", await reader.Page.TitleAsync(), StringComparison.Ordinal);

        await ShowAsync(reader.Page, "visible");
        await Expect(reader.Posts).ToHaveCountAsync(3);
        Assert.Equal(["three", "two", "one"], await reader.PostsAsync());
    }

    [Fact]
    public async Task E8_A_tab_that_joins_a_shared_stream_later_loses_and_duplicates_nothing()
    {
        var liveblog = await site.StartLiveblogAsync("later", "Later");
        await using var reader = await browser.NewPersonAsync(site.Node.Address, "Reader");
        var late = await reader.Page.Context.NewPageAsync();
        await reader.ReadLiveblogAsync("later");
        await late.GotoAsync("liveblogs/later");
        await ShowAsync(late, "hidden");
        await site.PostAsync(liveblog, "one");
        await site.PostAsync(liveblog, "two");
        await Expect(reader.Posts).ToHaveCountAsync(2);

        await ShowAsync(late, "visible");
        await Expect(late.Locator("[data-posts] article")).ToHaveCountAsync(2);
        await site.PostAsync(liveblog, "three");

        await Expect(late.Locator("[data-posts] article")).ToHaveCountAsync(3);
        await Expect(reader.Posts).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task E8_A_stalled_stream_is_opened_again()
    {
        await using var node = await site.Database.StartHostedAsync("Channels:StreamHeartbeat=00:00:01");
        await using var proxy = new HoldingProxy(node.Address);
        var liveblog = await site.StartLiveblogAsync("held", "Held");
        await using var reader = await browser.NewPersonAsync(proxy.Address, "Reader");
        await reader.ReadLiveblogAsync("held");
        await site.PostAsync(liveblog, "one");
        await Expect(reader.Posts).ToHaveCountAsync(1);

        proxy.Hold();
        await site.PostAsync(liveblog, "two");

        await Expect(reader.Posts).ToHaveCountAsync(2);
        Assert.Equal(["two", "one"], await reader.PostsAsync());
    }

    /// <summary>Sets the visibility of a tab, as switching tabs does.</summary>
    private static async Task ShowAsync(IPage tab, string state) => await tab.EvaluateAsync(
        """
        state => {
            Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }
        """,
        state);
}
