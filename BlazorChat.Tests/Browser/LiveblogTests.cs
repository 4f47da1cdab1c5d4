using System.Globalization;
using BlazorChat.Liveblogs;
using BlazorChat.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorChat.Tests.Browser;

/// <summary>Liveblogs as their readers and editors have them; all tests share one place, each with a liveblog of its own.</summary>
public sealed class LiveblogTests(BrowserFixture browser, LiveblogPlace place) : IClassFixture<LiveblogPlace>
{
    private static readonly string[] Outage = ["WebSocket", "ERR_", "Connection", "Failed to", "circuit", "Cannot send data", "503", "connection"];

    /// <summary>A browser scrolls by whole ones.</summary>
    private const double Pixel = 1;

    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public async Task What_an_editor_does_reaches_a_reader_who_is_never_moved_by_it()
    {
        await using var ada = await place.SignInAsync(browser, "Ada");
        await ada.CreateLiveblogAsync("Launch day", "launch");
        await ada.StartLiveblogAsync();
        await ada.WritePostAsync("Doors are open", "It **begins**.");
        await Expect(ada.Preview.Locator("strong")).ToHaveTextAsync("begins");
        await ada.PublishAsync();
        await Expect(ada.Posts).ToHaveCountAsync(1);
        await Expect(ada.PostText).ToHaveValueAsync("");
        await place.PostManyAsync(await FindAsync("launch"), 14);

        await using var reader = await browser.NewPersonAsync(place.Node.Address, "Reader");
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

        // What is changed above, pinned, named among the key events or deleted is so at once.
        await Person.Command(ada.Post("Post number 12."), "Edit").ClickAsync();
        await Expect(ada.PostText).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^Post number 12\\."));
        await ada.PostText.FillAsync("Post number 12, corrected.\n\nWith much\n\nmore\n\nto say.");
        await ada.PublishAsync();
        await Expect(reader.Post("Post number 12, corrected.")).ToContainTextAsync("edited");
        Assert.Equal(top, await Person.TopOfAsync(read), Pixel);
        await Person.Command(ada.Post("Lift-off"), "Key event").ClickAsync();
        await Expect(reader.KeyEvents).ToContainTextAsync(["Lift-off"]);
        Assert.Equal(top, await Person.TopOfAsync(read), Pixel);
        await Person.Command(ada.Post("Post number 3."), "Pin").ClickAsync();
        await Expect(reader.PinnedPost).ToContainTextAsync("Post number 3.");
        Assert.Equal(top, await Person.TopOfAsync(read), Pixel);
        await ada.DeleteAsync(ada.Post("Post number 10."));
        await Expect(reader.Post("Post number 10.")).ToHaveCountAsync(0);
        await Expect(ada.Post("Post number 10.")).ToHaveCountAsync(0);
        Assert.Equal(top, await Person.TopOfAsync(read), Pixel);

        // Asking for what is new shows it.
        await reader.NewPosts.ClickAsync();
        await Expect(reader.Post("Lift-off")).ToBeInViewportAsync();
        await Expect(reader.Post("Lift-off")).ToBeFocusedAsync();
        await Expect(reader.NewPosts).ToBeHiddenAsync();
        Assert.Equal("Launch day · BlazorChat", await reader.Page.TitleAsync());

        // Who is at the top has it without asking.
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
    public async Task A_reader_misses_and_doubles_nothing_whatever_the_node_and_the_proxy_do()
    {
        var liveblog = await place.StartLiveblogAsync("outage", "Outage");
        await place.PostAsync(liveblog, "before");
        await using var balancer = await LoadBalancer.StartAsync(place.Node, place.Node);
        await using var reader = await browser.NewPersonAsync(balancer.Address, "Reader");
        reader.ExpectedErrors.AddRange(Outage);
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var refusals = 0;
        reader.Page.Response += (_, answer) =>
        {
            if (answer.Status == 503 && Interlocked.Increment(ref refusals) == 2)
                refused.TrySetResult();
        };
        await reader.ReadLiveblogAsync("outage");
        await place.PostAsync(liveblog, "one");
        await Expect(reader.Posts).ToHaveCountAsync(2);

        // The proxy answers with 503, after which a browser does not come back by itself.
        await place.Node.KillAsync();
        await place.PostAsync(liveblog, "two");
        await place.PostAsync(liveblog, "three");
        await refused.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Expect(reader.Notice).ToContainTextAsync("The connection is gone.");
        await place.Node.StartAgainAsync();

        await Expect(reader.Posts).ToHaveCountAsync(4, new() { Timeout = 30_000 });
        await Expect(reader.Notice).ToBeEmptyAsync();
        await place.PostAsync(liveblog, "four");
        await Expect(reader.Posts).ToHaveCountAsync(5);
        Assert.Equal(["four", "three", "two", "one", "before"], await reader.PostsAsync());

        // A node that ends in order closes its streams, and browsers come back.
        await place.Node.StopAsync();
        await place.PostAsync(liveblog, "five");
        await place.Node.StartAgainAsync();
        await Expect(reader.Posts).ToHaveCountAsync(6, new() { Timeout = 30_000 });
        Assert.Equal(["five", "four", "three", "two", "one", "before"], await reader.PostsAsync());
    }

    [Fact]
    public async Task Older_posts_come_below_without_moving_the_reader_and_without_a_script_as_a_page()
    {
        var liveblog = await place.StartLiveblogAsync("long", "A long day");
        var posts = await place.PostManyAsync(liveblog, (2 * LiveblogPosts.PageSize) + 5);
        string[] all = [.. Enumerable.Range(1, posts.Count).Reverse().Select(i => $"Post number {i}.")];
        await using var reader = await browser.NewPersonAsync(place.Node.Address, "Reader");
        await reader.ReadLiveblogAsync("long");
        Assert.Equal(all[..LiveblogPosts.PageSize], await reader.PostsAsync());

        await reader.OlderPosts.ScrollIntoViewIfNeededAsync();
        var last = reader.Posts.Nth(LiveblogPosts.PageSize - 1);
        var top = await Person.TopOfAsync(last);
        // What happens to older posts meanwhile is not lost, nor a post that comes when one has gone down.
        await place.Database.EditPostAsync(place.Admin, liveblog, posts[30].Id, "Post number 31 anew.");
        await place.PostAsync(liveblog, "While you read.");
        await Expect(reader.NewPosts).ToHaveTextAsync("1 new post");
        await reader.OlderPosts.ClickAsync();
        await Expect(reader.Posts).ToHaveCountAsync(2 * LiveblogPosts.PageSize);
        Assert.Equal(top, await Person.TopOfAsync(last), Pixel);
        await Expect(reader.Posts.Nth(LiveblogPosts.PageSize)).ToBeFocusedAsync();
        await reader.OlderPosts.ClickAsync();
        await Expect(reader.Posts).ToHaveCountAsync(posts.Count);
        await Expect(reader.OlderPosts).ToHaveCountAsync(0);
        all[posts.Count - 31] = "Post number 31 anew.";
        Assert.Equal(all, await reader.PostsAsync());
        await place.Database.EditPostAsync(place.Admin, liveblog, posts[1].Id, "Post number 2 anew.");
        await Expect(reader.Post("Post number 2 anew.")).ToHaveCountAsync(1);

        await using var plain = await browser.NewPersonAsync(place.Node.Address, "Plain", hasScripts: false);
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
    public async Task The_end_is_told_and_nobody_follows_any_more()
    {
        var liveblog = await place.StartLiveblogAsync("ending", "The end");
        await place.PostAsync(liveblog, "last words");
        await using var ada = await place.SignInAsync(browser, "Ada");
        await using var reader = await browser.NewPersonAsync(place.Node.Address, "Reader");
        await ada.OpenEditorAsync("ending");
        await reader.ReadLiveblogAsync("ending");

        await ada.Page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await ada.Page.GetByLabel("Standfirst").FillAsync("All's well.");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(reader.Page.Locator(".liveblog-standfirst")).ToHaveTextAsync("All's well.");
        await ada.OpenEditorAsync("ending");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Archive…" }).ClickAsync();
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Archive it" }).ClickAsync();

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
    public async Task Two_editors_of_one_post_see_each_other_and_neither_loses_a_word()
    {
        var liveblog = await place.StartLiveblogAsync("desk", "At the desk");
        await place.PostAsync(liveblog, "as it was");
        await using var ada = await place.SignInAsync(browser, "Ada");
        await ada.Page.GotoAsync("liveblogs/desk/settings");
        await ada.Page.GetByLabel("Email of a new editor").FillAsync("max@example.org");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await ada.Page.GetByText("They can write here now.").WaitForAsync();
        await using var max = await place.SignInAsync(browser, "Max");
        await ada.OpenEditorAsync("desk");
        await max.OpenEditorAsync("desk");

        await Person.Command(ada.Post("as it was"), "Edit").ClickAsync();
        await Expect(max.Post("as it was")).ToContainTextAsync("Ada is changing this post.");
        await Person.Command(max.Post("as it was"), "Edit").ClickAsync();
        await Expect(ada.OtherEditors).ToHaveTextAsync("Max is changing this post, too.");
        await Expect(max.OtherEditors).ToHaveTextAsync("Ada is changing this post, too.");
        await ada.PostText.FillAsync("as Ada **wrote** it");
        await max.PostText.FillAsync("as Max wrote it");
        await ada.PublishAsync();
        await Expect(max.OtherEditors).ToBeHiddenAsync();
        await max.PressAsync("Save");

        await Expect(max.FormError).ToContainTextAsync("Somebody else has changed this post meanwhile.");
        await Expect(max.PostText).ToHaveValueAsync("as Max wrote it");
        await Expect(max.PostForm.Locator("[data-theirs-text]")).ToHaveTextAsync("as Ada wrote it");
        await max.ScreenshotAsync("liveblog-editor-conflict");
        await max.PublishAsync();
        await Expect(ada.Post("as Max wrote it")).ToHaveCountAsync(1);
        await Person.Command(ada.Post("as Max wrote it"), "History").ClickAsync();
        await Expect(ada.History.Locator(".desk-version")).ToHaveTextAsync(["as Max wrote it", "as Ada **wrote** it", "as it was"]);

        // Drafts are everybody's who writes here.
        await ada.WritePostAsync("For later", "Not yet.");
        await ada.PressAsync("Save draft");
        await Expect(ada.FormStatus).ToHaveTextAsync("Saved as a draft.");
        await max.Drafts.Filter(new() { HasText = "For later" }).GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await Expect(max.PostText).ToHaveValueAsync("Not yet.");
        await max.PostText.FillAsync("Now it is.");
        await max.PostForm.GetByLabel("When to publish it").FillAsync("2020-01-01T10:00");
        await max.PressAsync("Schedule");
        await Expect(max.FormError).ToHaveTextAsync("This time is past already.");
        await Expect(max.PostText).ToHaveValueAsync("Now it is.");
        var soon = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow.AddSeconds(4), Berlin);
        await max.PostForm.GetByLabel("When to publish it").FillAsync(soon.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        await max.PressAsync("Schedule");
        await Expect(max.FormStatus).ToHaveTextAsync("It will be published by itself.");
        await Expect(ada.Drafts).ToContainTextAsync(["will be published on"]);
        await Expect(ada.Post("Now it is.")).ToHaveCountAsync(1);
        await Expect(ada.Drafts).ToHaveCountAsync(0);
        await Expect(max.Drafts).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_is_typed_survives_a_reload_and_a_killed_node_and_is_published_once()
    {
        await place.StartLiveblogAsync("kept", "Kept");
        await using var ada = await place.SignInAsync(browser, "Ada");
        ada.ExpectedErrors.AddRange(Outage);
        await ada.OpenEditorAsync("kept");
        await ada.WritePostAsync("Half a", "thought");
        await ada.Page.ReloadAsync();
        await ada.ReadyToPostAsync();
        await Expect(ada.Headline).ToHaveValueAsync("Half a");
        await Expect(ada.PostText).ToHaveValueAsync("thought");

        await place.Node.KillAsync();
        await ada.Page.Locator("#components-reconnect-modal").WaitForAsync();
        await ada.PostText.FillAsync("thought, and the other half");
        await ada.PressAsync("Publish");
        await Expect(ada.FormError).ToContainTextAsync("Your text is kept here");
        await place.Node.StartAgainAsync();
        await Expect(ada.Page.Locator("#components-reconnect-modal")).ToBeHiddenAsync(new() { Timeout = 30_000 });
        await ada.ReadyToPostAsync();
        await Expect(ada.PostText).ToHaveValueAsync("thought, and the other half");
        await ada.PostForm.Locator("[data-publish]").DblClickAsync();
        await Expect(ada.FormStatus).ToHaveTextAsync("Published.");
        await Expect(ada.Posts).ToHaveCountAsync(1);

        // The same for a post that is changed.
        await Person.Command(ada.Post("Half a"), "Edit").ClickAsync();
        await Expect(ada.Headline).ToHaveValueAsync("Half a");
        await ada.Headline.FillAsync("A whole");
        await ada.Page.ReloadAsync();
        await ada.ReadyToPostAsync();
        await Expect(ada.Headline).ToHaveValueAsync("A whole");
        await ada.PublishAsync();
        await Expect(ada.Posts.Locator(".post-title")).ToHaveTextAsync(["A whole"]);

        // Two tabs that hold the same unpublished text make one post of it, and what differs is not taken for published.
        await ada.WritePostAsync("", "in two tabs");
        await using var other = new Person("Ada", await ada.Page.Context.NewPageAsync());
        await other.OpenEditorAsync("kept");
        await Expect(other.PostText).ToHaveValueAsync("in two tabs");
        await ada.PublishAsync();
        await other.PostText.FillAsync("in two tabs, and more in this one");
        await other.PressAsync("Publish");
        await Expect(other.FormError).ToContainTextAsync("This post was published before, with another text.");
        await Expect(other.PostText).ToHaveValueAsync("in two tabs, and more in this one");
        await other.PublishAsync();
        await Expect(ada.Post("in two tabs, and more in this one")).ToHaveCountAsync(1);
        Assert.Equal(["in two tabs, and more in this one", "A whole"], await ada.PostsAsync());
    }

    [Fact]
    public async Task Only_who_writes_has_a_circuit()
    {
        var liveblog = await place.StartLiveblogAsync("quiet", "Quiet");
        await using var zoe = await place.SignInAsync(browser, "Zoe");
        await using var ada = await place.SignInAsync(browser, "Ada");
        await zoe.ReadLiveblogAsync("quiet");
        await ada.OpenEditorAsync("quiet");

        await place.PostAsync(liveblog, "heard");

        await Expect(zoe.Post("heard")).ToHaveCountAsync(1);
        await zoe.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.Empty(zoe.Sockets);
        Assert.Single(ada.Sockets);
    }

    [Fact]
    public async Task The_drawer_of_the_chat_leads_to_what_is_live()
    {
        await using var zoe = await place.SignInAsync(browser, "Zoe");
        await zoe.OpenRoomAsync(1);

        await place.StartLiveblogAsync("drawer", "Just started");
        var link = zoe.Page.GetByRole(AriaRole.Link, new() { Name = "Just started" });
        await Expect(link).ToContainTextAsync("Live");
        await zoe.ScreenshotAsync("drawer-liveblogs");
        await zoe.AssertAccessibleAsync();
        await link.ClickAsync();

        // A page of its own, without a circuit.
        await Expect(zoe.Page.GetByRole(AriaRole.Heading, new() { Name = "Just started" })).ToBeVisibleAsync();
        await Expect(zoe.Page.Locator(".shell")).ToHaveCountAsync(0);
        Assert.Single(zoe.Sockets);
        await zoe.Page.GetByRole(AriaRole.Link, new() { Name = "Rooms" }).ClickAsync();
        await zoe.Page.GetByRole(AriaRole.Link, new() { Name = "All liveblogs" }).ClickAsync();
        await Expect(zoe.Page.GetByRole(AriaRole.Heading, new() { Name = "Liveblogs" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Everything_at_the_desk_can_be_done_with_the_keyboard()
    {
        var liveblog = await place.StartLiveblogAsync("keys", "Keys");
        await using var ada = await place.SignInAsync(browser, "Ada");
        await ada.OpenEditorAsync("keys");
        var keyboard = ada.Page.Keyboard;
        await ada.Headline.FocusAsync();
        await keyboard.TypeAsync("By hand");
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync("without a mouse");
        await keyboard.PressAsync("Control+Enter");
        await Expect(ada.FormStatus).ToHaveTextAsync("Published.");
        await Expect(ada.PostText).ToBeFocusedAsync();
        await Expect(ada.Posts).ToHaveCountAsync(1);

        var reached = await WalkAsync(ada);
        Assert.Superset(
            new HashSet<string> { "Publish", "Save draft", "Schedule", "Archive…", "Settings", "Edit", "Pin", "Key event", "History", "Delete" },
            reached.ToHashSet());

        // A command leaves the focus where it was given, though the post comes anew.
        await place.PostAsync(liveblog, "another one");
        await ada.Page.EvaluateAsync("scrollTo(0, 0)");
        await Expect(ada.Posts).ToHaveCountAsync(2);
        var post = ada.Post("By hand");
        await Person.Command(post, "Key event").FocusAsync();
        await keyboard.PressAsync("Enter");
        await Expect(Person.Command(post, "No key event")).ToBeFocusedAsync();
        await Person.Command(post, "Pin").FocusAsync();
        await keyboard.PressAsync("Enter");
        await Expect(Person.Command(ada.PinnedPost, "Unpin")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Expect(ada.PinnedPost).ToHaveCountAsync(0);
        await Expect(Person.Command(post, "Pin")).ToBeFocusedAsync();

        await Person.Command(post, "History").FocusAsync();
        await keyboard.PressAsync("Enter");
        await Expect(ada.History).ToBeFocusedAsync();
        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Enter");
        await Expect(ada.History).ToHaveCountAsync(0);

        await Person.Command(post, "Delete").FocusAsync();
        await keyboard.PressAsync("Enter");
        await Expect(ada.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await keyboard.PressAsync("Escape");
        await Expect(ada.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await Expect(Person.Command(post, "Delete")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await ada.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).PressAsync("Enter");
        await Expect(post).ToHaveCountAsync(0);
        await Expect(Person.Command(ada.Post("another one"), "Edit")).ToBeFocusedAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280, "light-wide")]
    [InlineData(ColorScheme.Dark, 360, "dark-360")]
    public async Task The_pages_are_for_everybody_on_any_screen_and_on_paper(ColorScheme scheme, int width, string name)
    {
        var liveblog = await FillAsync($"election-{name}");
        await using var reader = await browser.NewPersonAsync(place.Node.Address, "Reader", width, 800, scheme);
        await reader.ReadLiveblogAsync(liveblog.Slug);
        await reader.ScreenshotAsync($"liveblog-{name}");
        await AssertGoodAsync(reader, width);
        await reader.Page.EmulateMediaAsync(new() { Media = Media.Print });
        foreach (var chrome in new[] { ".paper-top", ".liveblog-notice", ".new-posts" })
            await Expect(reader.Page.Locator(chrome)).ToBeHiddenAsync();
        await Expect(reader.Posts.First).ToBeVisibleAsync();

        await using var ada = await place.SignInAsync(browser, "Ada", width, 800, scheme);
        await ada.Page.GotoAsync("liveblogs");
        await ada.ScreenshotAsync(width == 1280 ? "liveblogs-list" : $"liveblogs-list-{name}");
        await AssertGoodAsync(ada, width);
        await ada.Page.GotoAsync($"liveblogs/{liveblog.Slug}/settings");
        await ada.ScreenshotAsync($"liveblog-settings-{name}");
        await AssertGoodAsync(ada, width);
        await ada.OpenEditorAsync(liveblog.Slug);
        await ada.WritePostAsync("Turnout at noon", "By noon **41.2 %** had voted.\n\n> More than four years ago.");
        await Expect(ada.Preview.Locator("strong")).ToBeVisibleAsync();
        await ada.ScreenshotAsync($"liveblog-editor-{name}");
        await AssertGoodAsync(ada, width);
        await ada.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(ada.Page.Locator(".desk")).ToBeHiddenAsync();
        await Expect(ada.Page.Locator(".post-commands").First).ToBeHiddenAsync();
    }

    private Task<LiveblogView> FindAsync(string slug) => place.Database.Liveblogs.FindAsync(place.Admin, slug, default)!;

    /// <summary>One as it looks in the middle of a day.</summary>
    private async Task<LiveblogView> FillAsync(string slug)
    {
        var liveblog = await place.StartLiveblogAsync(slug, "Election night: the counting begins");
        await place.Database.Liveblogs.NameAsync(place.Admin, liveblog.Id, liveblog.Title, "Polling stations close at six. Results, reactions and numbers as they come in, from our reporters in all regions.", default);
        await place.PostAsync(liveblog, "The first stations report **short queues**.\n\nIn the north it rains.", "Polling stations are open", isKeyEvent: true);
        await place.PostAsync(liveblog, "> We have never seen so many people this early.\n\nSaid by an observer in the capital.");
        var pinned = await place.PostAsync(liveblog, "- Stations close at **18:00**\n- First numbers at 18:01\n- A result is not expected before midnight", "What happens when");
        await place.PostAsync(liveblog, "| Region | Turnout |\n|---|---|\n| North | 61 % |\n| South | 58 % |\n\nSee [the details](https://example.org/a-very-long-address-that-would-not-fit-on-a-phone-if-it-did-not-break).", "The stations have closed", isKeyEvent: true);
        var edited = await place.PostAsync(liveblog, "서울에서 개표가 시작되었습니다.");
        await place.Database.EditPostAsync(place.Admin, liveblog, edited.Id, "서울에서 개표가 시작되었습니다. Counting has begun in Seoul.");
        await place.Database.Editing.PinAsync(place.Admin, liveblog.Id, pinned.Id, true, default);
        return liveblog;
    }

    private static async Task AssertGoodAsync(Person person, int width)
    {
        await person.AssertAccessibleAsync();
        Assert.InRange(await person.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 0, width);
    }

    private static async Task AssertTimeOfBerlinAsync(ILocator post)
    {
        var time = post.Locator("time").First;
        var utc = DateTimeOffset.Parse((await time.GetAttributeAsync("datetime"))!, CultureInfo.InvariantCulture);
        var there = TimeZoneInfo.ConvertTime(utc, Berlin);
        await Expect(time).ToContainTextAsync(there.ToString("hh:mm", CultureInfo.InvariantCulture));
    }

    /// <summary>Goes through the page by Tab, from its beginning to its end.</summary>
    /// <returns>What is written on what had the focus.</returns>
    private static async Task<IReadOnlyList<string>> WalkAsync(Person person)
    {
        var reached = new List<string>();
        await person.Page.EvaluateAsync("document.activeElement.blur()");
        for (var i = 0; i < 40; i++)
        {
            await person.Page.Keyboard.PressAsync("Tab");
            reached.Add(await person.Page.EvaluateAsync<string>("document.activeElement.textContent.trim()"));
        }

        return reached;
    }
}
