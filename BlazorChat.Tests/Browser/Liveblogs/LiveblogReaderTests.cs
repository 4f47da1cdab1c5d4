using System.Globalization;
using BlazorChat.Liveblogs.Posts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorChat.Tests.Browser.Liveblogs;

/// <summary>Readers' pages of liveblogs. All tests share one site, each with its own liveblog.</summary>
public sealed class LiveblogReaderTests(BrowserFixture browser, LiveblogSite site) : IClassFixture<LiveblogSite>
{
    /// <summary>The tolerance: a browser scrolls by whole pixels.</summary>
    private const double Pixel = 1;

    [Fact]
    public async Task Changes_reach_a_reader_and_never_move_the_text_being_read()
    {
        await using var ada = await site.SignInAsync(browser, "Ada");
        await ada.CreateLiveblogAsync("Launch day", "launch");
        await ada.StartLiveblogAsync();
        await ada.WritePostAsync("Doors are open", "It **begins**.");
        await Expect(ada.Preview.Locator("strong")).ToHaveTextAsync("begins");
        await ada.PublishAsync();
        await Expect(ada.Posts).ToHaveCountAsync(1);
        await Expect(ada.PostText).ToHaveValueAsync("");
        await site.PostManyAsync((await site.Database.Liveblogs.FindAsync(site.Admin, "launch", default))!, 14);

        await using var reader = await browser.NewPersonAsync(site.Node.Address, "Reader");
        await reader.ReadLiveblogAsync("launch");
        Assert.Equal(15, await reader.Posts.CountAsync());
        await AssertTimeOfBerlinAsync(reader.Posts.First);
        var read = reader.Post("Post number 7.");
        await Person.ScrollToAsync(read);
        var top = await Person.TopOfAsync(read);

        // A new post waits.
        await ada.WritePostAsync("Lift-off", "The clock is at zero.");
        await ada.PublishAsync();
        await Expect(reader.NewPosts).ToHaveTextAsync("1 new post");
        await Expect(reader.Announcement).ToHaveTextAsync("New post: Lift-off");
        Assert.Equal("(1) Launch day · BlazorChat", await reader.Page.TitleAsync());
        await Expect(reader.Posts).ToHaveCountAsync(15);
        Assert.Equal(top, await Person.TopOfAsync(read), Pixel);

        // Edits, pins, key events and deletions above the text appear at once.
        await Person.Command(ada.Post("Post number 12."), "Edit").ClickAsync();
        await Expect(ada.PostText).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^Post number 12\\."));
        await ada.PostText.FillAsync("Post number 12, corrected.\n\nWith much\n\nmore\n\nto say.");
        await ada.PublishAsync();
        await Expect(reader.Post("Post number 12, corrected.")).ToContainTextAsync("edited");
        Assert.Equal(top, await Person.TopOfAsync(read), Pixel);
        await Person.Command(ada.Post("Lift-off"), "Mark as key event").ClickAsync();
        await Expect(reader.KeyEvents).ToContainTextAsync(["Lift-off"]);
        Assert.Equal(top, await Person.TopOfAsync(read), Pixel);
        await Person.Command(ada.Post("Post number 3."), "Pin").ClickAsync();
        await Expect(reader.PinnedPost).ToContainTextAsync("Post number 3.");
        Assert.Equal(top, await Person.TopOfAsync(read), Pixel);
        await ada.DeleteAsync(ada.Post("Post number 10."));
        await Expect(reader.Post("Post number 10.")).ToHaveCountAsync(0);
        await Expect(ada.Post("Post number 10.")).ToHaveCountAsync(0);
        Assert.Equal(top, await Person.TopOfAsync(read), Pixel);

        // The button shows the new post.
        await reader.NewPosts.ClickAsync();
        await Expect(reader.Post("Lift-off")).ToBeInViewportAsync();
        await Expect(reader.Post("Lift-off")).ToBeFocusedAsync();
        await Expect(reader.NewPosts).ToBeHiddenAsync();
        Assert.Equal("Launch day · BlazorChat", await reader.Page.TitleAsync());

        // At the top of the page, a new post appears at once.
        await reader.Page.EvaluateAsync("scrollTo(0, 0)");
        await ada.WritePostAsync("", "Said at last.");
        await ada.PublishAsync();
        await Expect(reader.Post("Said at last.")).ToHaveCountAsync(1);
        await Expect(reader.NewPosts).ToBeHiddenAsync();
        await Expect(reader.Announcement).ToHaveTextAsync("New post: Said at last.");

        var live = await reader.PostsAsync();
        await reader.Page.ReloadAsync();
        Assert.Equal(live, await reader.PostsAsync());
        Assert.Equal(live, await ada.PostsAsync());
        Assert.Equal("Post number 3.", live[0]);
        Assert.Empty(reader.Sockets);
    }

    [Fact]
    public async Task A_reader_loses_and_duplicates_nothing_when_the_node_or_the_proxy_fails()
    {
        var liveblog = await site.StartLiveblogAsync("outage", "Outage");
        await site.PostAsync(liveblog, "before");
        await using var node = await site.Database.StartProcessAsync();
        await using var balancer = await LoadBalancer.StartAsync(node, node);
        await using var reader = await browser.NewPersonAsync(balancer.Address, "Reader");
        reader.ExpectedErrors.AddRange(LiveblogSite.Outage);
        await reader.ReadLiveblogAsync("outage");
        await site.PostAsync(liveblog, "one");
        await Expect(reader.Posts).ToHaveCountAsync(2);

        // The proxy answers with 503, after which an EventSource does not reconnect.
        await node.KillAsync();
        await site.PostAsync(liveblog, "two");
        await site.PostAsync(liveblog, "three");
        await Expect(reader.Notice).ToContainTextAsync("Connection lost.");
        await node.StartAgainAsync();

        await Expect(reader.Posts).ToHaveCountAsync(4);
        await Expect(reader.Notice).ToBeEmptyAsync();
        await site.PostAsync(liveblog, "four");
        await Expect(reader.Posts).ToHaveCountAsync(5);
        Assert.Equal(["four", "three", "two", "one", "before"], await reader.PostsAsync());

        // A node that stops closes its streams, and browsers reconnect.
        await node.StopAsync();
        await site.PostAsync(liveblog, "five");
        await node.StartAgainAsync();
        await Expect(reader.Posts).ToHaveCountAsync(6);
        Assert.Equal(["five", "four", "three", "two", "one", "before"], await reader.PostsAsync());
    }

    [Fact]
    public async Task Older_posts_are_added_below_and_without_scripts_are_a_page()
    {
        var liveblog = await site.StartLiveblogAsync("long", "A long day");
        var posts = await site.PostManyAsync(liveblog, (2 * LiveblogPosts.PageSize) + 5);
        string[] all = [.. Enumerable.Range(1, posts.Count).Reverse().Select(i => $"Post number {i}.")];
        await using var reader = await browser.NewPersonAsync(site.Node.Address, "Reader");
        await reader.ReadLiveblogAsync("long");
        Assert.Equal(all[..LiveblogPosts.PageSize], await reader.PostsAsync());

        await reader.OlderPosts.ScrollIntoViewIfNeededAsync();
        var last = reader.Posts.Nth(LiveblogPosts.PageSize - 1);
        var top = await Person.TopOfAsync(last);
        // Neither changes of older posts nor a new post in the meantime are lost.
        await site.Database.EditPostAsync(site.Admin, liveblog, posts[30].Id, "Post number 31 edited.");
        await site.PostAsync(liveblog, "While you read.");
        await Expect(reader.NewPosts).ToHaveTextAsync("1 new post");
        await reader.OlderPosts.ClickAsync();
        await Expect(reader.Posts).ToHaveCountAsync(2 * LiveblogPosts.PageSize);
        Assert.Equal(top, await Person.TopOfAsync(last), Pixel);
        await Expect(reader.Posts.Nth(LiveblogPosts.PageSize)).ToBeFocusedAsync();
        await reader.OlderPosts.ClickAsync();
        await Expect(reader.Posts).ToHaveCountAsync(posts.Count);
        await Expect(reader.OlderPosts).ToHaveCountAsync(0);
        all[posts.Count - 31] = "Post number 31 edited.";
        Assert.Equal(all, await reader.PostsAsync());
        await site.Database.EditPostAsync(site.Admin, liveblog, posts[1].Id, "Post number 2 edited.");
        await Expect(reader.Post("Post number 2 edited.")).ToHaveCountAsync(1);

        await using var plain = await browser.NewPersonAsync(site.Node.Address, "Plain", hasScripts: false);
        await plain.ReadLiveblogAsync("long");
        await Expect(plain.Page.GetByRole(AriaRole.Heading, new() { Name = "A long day" })).ToBeVisibleAsync();
        await Expect(plain.Posts).ToHaveCountAsync(LiveblogPosts.PageSize);
        await Expect(plain.Posts.First).ToContainTextAsync("UTC");
        await Expect(plain.NewPosts).ToBeHiddenAsync();
        await plain.OlderPosts.ClickAsync();
        await Expect(plain.Posts.First).ToContainTextAsync("Post number 36.");
        await plain.OlderPosts.ClickAsync();
        await Expect(plain.Posts.Last).ToContainTextAsync("Post number 1.");
        await Expect(plain.OlderPosts).ToHaveCountAsync(0);
        await plain.Page.GetByRole(AriaRole.Link, new() { Name = "Newest posts" }).ClickAsync();
        await Expect(plain.Posts.First).ToContainTextAsync("While you read.");
    }

    [Fact]
    public async Task Readers_see_the_end_and_follow_no_more()
    {
        var liveblog = await site.StartLiveblogAsync("ending", "The end");
        await site.PostAsync(liveblog, "last words");
        await using var ada = await site.SignInAsync(browser, "Ada");
        await using var reader = await browser.NewPersonAsync(site.Node.Address, "Reader");
        await ada.OpenEditorAsync("ending");
        await reader.ReadLiveblogAsync("ending");

        await ada.Page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await ada.Page.GetByLabel("Standfirst").FillAsync("All's well.");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(reader.Page.Locator(".liveblog-standfirst")).ToHaveTextAsync("All's well.");
        await ada.OpenEditorAsync("ending");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Archive…" }).ClickAsync();
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Archive liveblog" }).ClickAsync();

        await Expect(reader.Notice).ToHaveTextAsync("This liveblog has ended.");
        await Expect(reader.Page.Locator(".liveblog-mark")).ToHaveTextAsync("Ended");
        await Assert.ThrowsAsync<TimeoutException>(() => reader.Page.WaitForRequestAsync("**/events*", new() { Timeout = 4_000 }));
        await Expect(ada.Page.Locator(".desk")).ToHaveCountAsync(0);
        var followed = new List<string>();
        reader.Page.Request += (_, request) => followed.Add(request.Url);
        await reader.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.NetworkIdle });
        Assert.DoesNotContain(followed, url => url.Contains("/events", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_editors_have_a_circuit()
    {
        var liveblog = await site.StartLiveblogAsync("quiet", "Quiet");
        await using var zoe = await site.SignInAsync(browser, "Zoe");
        await using var ada = await site.SignInAsync(browser, "Ada");
        await zoe.ReadLiveblogAsync("quiet");
        await ada.OpenEditorAsync("quiet");

        await site.PostAsync(liveblog, "received");

        await Expect(zoe.Post("received")).ToHaveCountAsync(1);
        await zoe.Page.WaitForLoadStateAsync(LoadState.Load);
        Assert.Empty(zoe.Sockets);
        Assert.Single(ada.Sockets);
    }

    [Fact]
    public async Task The_drawer_of_the_chat_links_to_live_liveblogs()
    {
        await using var zoe = await site.SignInAsync(browser, "Zoe");
        await zoe.OpenRoomAsync(1);

        await site.StartLiveblogAsync("drawer", "Just started");
        var link = zoe.Page.GetByRole(AriaRole.Link, new() { Name = "Just started" });
        await Expect(link).ToContainTextAsync("Live");
        await zoe.ScreenshotAsync("drawer-liveblogs");
        await zoe.AssertAccessibleAsync();
        await link.ClickAsync();

        // The liveblog is a separate page without a circuit.
        await Expect(zoe.Page.GetByRole(AriaRole.Heading, new() { Name = "Just started" })).ToBeVisibleAsync();
        await Expect(zoe.Page.Locator(".shell")).ToHaveCountAsync(0);
        Assert.Single(zoe.Sockets);
        await zoe.Page.GetByRole(AriaRole.Link, new() { Name = "Rooms" }).ClickAsync();
        await zoe.Page.GetByRole(AriaRole.Link, new() { Name = "All liveblogs" }).ClickAsync();
        await Expect(zoe.Page.GetByRole(AriaRole.Heading, new() { Name = "Liveblogs" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280, "light-wide")]
    [InlineData(ColorScheme.Dark, 360, "dark-360")]
    public async Task The_pages_are_accessible_on_any_screen_and_on_paper(ColorScheme scheme, int width, string name)
    {
        var liveblog = await site.StartElectionAsync($"election-{name}");
        await using var reader = await browser.NewPersonAsync(site.Node.Address, "Reader", width, 800, scheme);
        await reader.ReadLiveblogAsync(liveblog.Slug);
        await reader.ScreenshotAsync($"liveblog-{name}");
        await reader.AssertGoodAtAsync(width);
        await reader.Page.EmulateMediaAsync(new() { Media = Media.Print });
        foreach (var chrome in new[] { ".paper-top", ".liveblog-notice", ".new-posts" })
            await Expect(reader.Page.Locator(chrome)).ToBeHiddenAsync();
        await Expect(reader.Posts.First).ToBeVisibleAsync();
    }

    private static async Task AssertTimeOfBerlinAsync(ILocator post)
    {
        var time = post.Locator("time").First;
        var utc = DateTimeOffset.Parse((await time.GetAttributeAsync("datetime"))!, CultureInfo.InvariantCulture);
        var there = TimeZoneInfo.ConvertTime(utc, BrowserFixture.Zone);
        await Expect(time).ToContainTextAsync(there.ToString("h:mm", CultureInfo.InvariantCulture));
    }
}
