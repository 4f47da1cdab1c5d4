using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Posts;
using BlazorChat.Markup.Embeds;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Liveblogs.Reading;

/// <summary>The pages of liveblogs as a browser without scripts receives them from a real node.</summary>
[Collection(nameof(ReaderSite))]
public sealed class LiveblogPageTests(ReaderSite site)
{
    [Fact]
    public async Task The_page_is_complete_without_scripts()
    {
        var launch = await site.StartAsync("whole", "Launch <day>");
        await site.Desk.Lifecycle.DescribeAsync(site.Ada, launch.Id, "Launch <day>", "What happens.", default);
        var posts = new List<LiveblogPostView>();
        for (var i = 0; i < LiveblogPosts.PageSize + 3; i++)
            posts.Add(await site.PostAsync(launch, $"text **{i}**", i < 2 ? $"Event {i}" : "", isKeyEvent: i < 2));
        await site.Desk.Editing.PinAsync(site.Ada, launch.Id, posts[5].Id, true, default);
        posts.Reverse();
        var pinned = posts.Single(post => post.Markdown == "text **5**");

        var page = await site.Anonymous.GetPageAsync("liveblogs/whole");

        Assert.Equal("Launch <day> · BlazorChat", page.Title);
        Assert.Equal("Launch <day>", page.QuerySelector("h1")!.TextContent);
        Assert.Equal("What happens.", page.QuerySelector(".liveblog-standfirst")!.TextContent);
        Assert.Equal("Live", page.QuerySelector(".liveblog-state")!.TextContent.Trim());
        Assert.Equal($"post-{pinned.Id}", page.QuerySelector("[data-pinned-area] article")!.Id);
        Assert.Equal(["Event 1", "Event 0"], page.QuerySelectorAll(".key-events a").Select(link => link.TextContent));
        var newest = posts.Except([pinned]).Take(LiveblogPosts.PageSize).ToArray();
        Assert.Equal(Ids(newest), Articles(page));
        Assert.Equal("text 32", page.QuerySelector("[data-posts] .post-text")!.TextContent.Trim());

        var older = await site.Anonymous.GetPageAsync(page.QuerySelector("[data-older] a")!.GetAttribute("href")!);
        Assert.Equal(Ids(posts.Except([pinned]).Skip(LiveblogPosts.PageSize)), Articles(older));
        Assert.Null(older.QuerySelector("[data-older]"));
        Assert.False(older.QuerySelector("[data-liveblog]")!.HasAttribute("data-live"));
        Assert.Equal("liveblogs/whole", older.QuerySelector("main a")!.GetAttribute("href"));

        var own = await site.Anonymous.GetPageAsync(page.QuerySelector(".key-events a")!.GetAttribute("href")!);
        Assert.Equal(("Event 1 · BlazorChat", "text 1"), (own.Title, own.QuerySelector("article .post-text")!.TextContent.Trim()));
        Assert.Equal("liveblogs/whole", own.QuerySelector(".liveblog-of a")!.GetAttribute("href"));
        Assert.Contains(
            "liveblogs/whole", (await site.Anonymous.GetPageAsync("liveblogs")).QuerySelectorAll(".liveblog-list a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public async Task Anonymous_readers_receive_only_the_scripts_of_the_page_and_no_cookie()
    {
        var post = await site.PostAsync(await site.StartAsync("light"), "text");

        foreach (var path in new[] { "liveblogs", "liveblogs/light", "liveblogs/light?before=999999", $"liveblogs/light/posts/{post.Id}" })
        {
            using var fresh = new FormClient(site.Node.Address);
            using var response = await fresh.GetAsync(path);
            var page = await FormClient.ReadAsync(response);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.False(response.Headers.Contains("Set-Cookie"));
            Assert.Equal("no-cache", response.Headers.CacheControl!.ToString());
            Assert.Contains("script-src 'self';", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal(
                ["js/shared/times", "Liveblogs/Reading/LiveblogPage"],
                page.Scripts.Where(script => script.Type is not ("application/ld+json" or "application/json")).Select(script => script.GetAttribute("src")!.Split('.')[0]));
            Assert.DoesNotContain("MudBlazor", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
            Assert.False(HasEditor(page));
        }
    }

    [Fact]
    public async Task A_card_is_a_link_without_scripts_and_only_readers_pages_may_show_frames()
    {
        var post = await site.PostAsync(await site.StartAsync("cards"), "https://vimeo.com/76979871\n\n[Look](https://youtu.be/dQw4w9WgXcQ) here.");

        foreach (var path in new[] { "liveblogs/cards", $"liveblogs/cards/posts/{post.Id}", "liveblogs/cards" })
        {
            using var response = await site.Anonymous.GetAsync(path);
            var policy = response.Headers.GetValues("Content-Security-Policy").Single();
            var text = (await FormClient.ReadAsync(response)).QuerySelector(".post-text")!;

            Assert.Contains($"; frame-src {string.Join(' ', EmbedServices.Origins)};", policy, StringComparison.Ordinal);
            Assert.Empty(text.QuerySelectorAll("iframe, img, script"));
            var card = Assert.Single(text.QuerySelectorAll("[data-embed]"));
            Assert.Equal("https://player.vimeo.com/video/76979871?dnt=1", card.GetAttribute("data-embed"));
            var link = (IHtmlAnchorElement)Assert.Single(card.Children);
            Assert.Equal(("https://vimeo.com/76979871", "Vimeo"), (link.Href, link.TextContent));
        }

        foreach (var path in new[] { "account/login", "liveblogs/cards/feed.atom", "nowhere" })
        {
            using var response = await site.Anonymous.GetAsync(path);
            Assert.Contains("; frame-src 'none';", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_missing_page_is_not_found_and_an_invalid_query_is_ignored()
    {
        var live = await site.StartAsync("there");
        var post = await site.PostAsync(live, "text");
        var deleted = await site.PostAsync(live, "gone");
        await site.Desk.Editing.DeleteAsync(site.Ada, live.Id, deleted.Id, default);
        var draft = await site.DraftAsync("not-yet");
        var hidden = await site.PostAsync(draft, "secret");
        var other = await site.StartAsync("elsewhere");

        foreach (var path in new[]
        {
            "liveblogs/nowhere", "liveblogs/THERE", "liveblogs/not-yet", $"liveblogs/not-yet/posts/{hidden.Id}", $"liveblogs/there/posts/{deleted.Id}",
            "liveblogs/there/posts/999999", "liveblogs/there/posts/99999999999", "liveblogs/there/posts/x", $"liveblogs/{other.Slug}/posts/{post.Id}",
            "liveblogs/not-yet/feed.atom", "liveblogs/nowhere/feed.atom",
        })
        {
            using var response = await site.Anonymous.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, response.StatusCode));
            Assert.Null(response.Headers.ETag);
        }

        foreach (var before in new[] { "", "x", "-1", "1.5", "99999999999", "%00", "%EA%B0%80", "1&before=2" })
            Assert.Equal([post.Id], Articles(await site.Anonymous.GetPageAsync($"liveblogs/there?before={before}")));
        Assert.Contains("No older posts.", (await site.Anonymous.GetPageAsync("liveblogs/there?before=0")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_editors_receive_the_editor_and_drafts()
    {
        var live = await site.StartAsync("edited");
        var draft = await site.DraftAsync("edited-draft");
        using var zoe = await site.JoinAsync("Editor");
        using var max = await site.JoinAsync("Reader");
        foreach (var liveblog in new[] { live, draft })
            await site.Desk.Editors.AddAsync(site.Ada, liveblog.Id, "editor@example.org", default);

        foreach (var slug in new[] { "edited", "edited-draft" })
        {
            foreach (var editor in new[] { site.Admin, zoe })
            {
                using var response = await editor.GetAsync($"liveblogs/{slug}");
                Assert.True(response.Headers.CacheControl!.NoStore);
                var page = await FormClient.ReadAsync(response);
                Assert.True(HasEditor(page));
                Assert.Contains(page.Scripts, script => script.Source?.Contains("blazor.web", StringComparison.Ordinal) == true);
            }
        }

        Assert.False(HasEditor(await max.GetPageAsync("liveblogs/edited")));
        Assert.False(HasEditor(await site.Anonymous.GetPageAsync("liveblogs/edited")));
        using var refused = await max.GetAsync("liveblogs/edited-draft");
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await StreamClient.StatusAsync(site.Node.Address, "liveblogs/edited-draft/events", cookies: zoe.Cookies));
        Assert.Equal(HttpStatusCode.OK, await StreamClient.StatusAsync(site.Node.Address, "liveblogs/edited-draft/events", cookies: site.Admin.Cookies));
        Assert.Equal(HttpStatusCode.NotFound, await StreamClient.StatusAsync(site.Node.Address, "liveblogs/edited-draft/events", cookies: max.Cookies));
        Assert.Equal(HttpStatusCode.NotFound, await StreamClient.StatusAsync(site.Node.Address, "liveblogs/edited-draft/events"));
    }

    [Fact]
    public async Task A_page_is_rendered_once_for_each_revision_on_each_node()
    {
        await using var other = await site.Desk.StartHostedAsync();
        using var elsewhere = new FormClient(other.Address);
        var launch = await site.StartAsync("cached");
        var post = await site.PostAsync(launch, "one");
        string[] paths = ["liveblogs/cached", "liveblogs/cached?before=999999", $"liveblogs/cached/posts/{post.Id}", "liveblogs/cached/feed.atom"];

        Assert.All(await ReadAllAsync(site.Anonymous, paths), text => Assert.Contains("one", text, StringComparison.Ordinal));
        await using (var db = await site.Desk.OpenAsync())
            await db.LiveblogPosts.Where(p => p.Id == post.Id).ExecuteUpdateAsync(p => p.SetProperty(x => x.Html, "<p>behind its back</p>"));
        // Unknown parts of the query are ignored by the cache; another node has its own cache.
        Assert.All(
            await ReadAllAsync(site.Anonymous, [.. paths, "liveblogs/cached?utm=1", "liveblogs/cached?before=x"]),
            text => Assert.Contains("one", text, StringComparison.Ordinal));
        Assert.All(await ReadAllAsync(elsewhere, paths), text => Assert.Contains("behind its back", text, StringComparison.Ordinal));

        await site.Desk.EditPostAsync(site.Ada, launch, post.Id, "two");
        foreach (var reader in new[] { site.Anonymous, elsewhere })
            Assert.All(await ReadAllAsync(reader, paths), text => Assert.Contains("two", text, StringComparison.Ordinal));
        await site.Desk.Lifecycle.DescribeAsync(site.Ada, launch.Id, "Renamed", "", default);
        foreach (var reader in new[] { site.Anonymous, elsewhere })
            Assert.All(await ReadAllAsync(reader, [.. paths, "liveblogs"]), text => Assert.Contains("Renamed", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_newest_page_is_not_sent_to_a_browser_again()
    {
        var launch = await site.StartAsync("known");
        var post = await site.PostAsync(launch, "one");
        var versions = new Dictionary<string, string>();
        foreach (var path in new[] { "liveblogs", "liveblogs/known", $"liveblogs/known/posts/{post.Id}", "liveblogs/known/feed.atom", "sitemap.xml" })
        {
            using var response = await site.Anonymous.GetAsync(path);
            versions[path] = response.Headers.ETag!.ToString();
        }

        foreach (var (path, version) in versions)
            Assert.Equal((path, HttpStatusCode.NotModified), (path, await AskAgainAsync(path, version)));
        await site.Desk.EditPostAsync(site.Ada, launch, post.Id, "two");
        foreach (var (path, version) in versions)
            Assert.Equal((path, HttpStatusCode.OK), (path, await AskAgainAsync(path, version)));
        // Pages of signed-in readers have no ETag.
        using var signedIn = await site.Admin.GetAsync("liveblogs/known");
        Assert.Null(signedIn.Headers.ETag);
    }

    [Fact]
    public async Task Pages_of_signed_in_and_of_anonymous_readers_are_never_mixed()
    {
        await site.StartAsync("apart-a");
        await site.StartAsync("apart-b");
        using var zoe = await site.JoinAsync("Apart");

        foreach (var (slug, readers) in new[] { ("apart-a", new[] { zoe, site.Anonymous, zoe }), ("apart-b", [site.Anonymous, zoe, site.Anonymous]) })
        {
            foreach (var reader in readers)
            {
                using var response = await reader.GetAsync($"liveblogs/{slug}");
                var top = (await FormClient.ReadAsync(response)).QuerySelector(".paper-top")!;
                Assert.Equal(reader == zoe ? ["BlazorChat", "Rooms"] : ["BlazorChat", "Sign in"], top.QuerySelectorAll("a").Select(link => link.TextContent));
                Assert.Equal(reader == zoe, response.Headers.CacheControl!.NoStore);
            }
        }
    }

    [Fact]
    public async Task Drafts_scheduled_and_deleted_posts_are_nowhere()
    {
        var live = await site.StartAsync("sealed");
        var post = await site.PostAsync(live, "open");
        var deleted = await site.PostAsync(live, "unsaid deleted", "unsaid deleted", isKeyEvent: true);
        await site.Desk.Editing.DeleteAsync(site.Ada, live.Id, deleted.Id, default);
        await site.Desk.Drafts.SaveAsync(site.Ada, live.Id, Guid.NewGuid(), new PostText("unsaid", "unsaid draft"), null, default);
        await site.Desk.Drafts.SaveAsync(
            site.Ada, live.Id, Guid.NewGuid(), new PostText("unsaid", "unsaid schedule", true), DateTimeOffset.UnixEpoch.AddYears(100), default);
        await site.PostAsync(await site.DraftAsync("unsaid-liveblog", "unsaid liveblog"), "unsaid post");

        string[] paths =
        [
            "liveblogs", "liveblogs/sealed", "liveblogs/sealed?before=999999", $"liveblogs/sealed/posts/{post.Id}", "liveblogs/sealed/feed.atom", "sitemap.xml",
            $"liveblogs/sealed/posts/{deleted.Id}", "liveblogs/unsaid-liveblog", "liveblogs/unsaid-liveblog/feed.atom",
        ];
        using var max = await site.JoinAsync("Curious");
        foreach (var reader in new[] { site.Anonymous, max })
            Assert.All(await ReadAllAsync(reader, paths), text => Assert.DoesNotContain("unsaid", text, StringComparison.Ordinal));

        await site.Desk.Lifecycle.ArchiveAsync(site.Ada, live.Id, default);
        await using var stream = await StreamClient.ConnectAsync(site.Node.Address, "liveblogs/sealed/events?after=0");
        var received = new List<string>();
        while (received.LastOrDefault() != "liveblog.archived")
        {
            var next = await stream.ReceiveAsync();
            Assert.DoesNotContain("unsaid", next.Data, StringComparison.Ordinal);
            received.Add(next.EventType);
        }

        Assert.Equal(["liveblog.post.created", "liveblog.post.deleted", "liveblog.archived"], received);
    }

    [Fact]
    public async Task Only_admins_create_liveblogs()
    {
        using var created = await site.Admin.SubmitAsync("liveblogs", "create", ("Title", "Election <night>"), ("Slug", "election"));
        Assert.Equal((HttpStatusCode.Redirect, "liveblogs/election"), (created.StatusCode, Path(created)));
        Assert.Equal("Draft", (await site.Admin.GetPageAsync("liveblogs/election")).QuerySelector(".liveblog-state")!.TextContent.Trim());
        using var twice = await site.Admin.SubmitAsync("liveblogs", "create", ("Title", "Second"), ("Slug", "election"));
        Assert.Equal("There is already a liveblog at “election”.", (await FormClient.ReadAsync(twice)).QuerySelector(".error")!.TextContent);

        using var max = await site.JoinAsync("Nobody");
        foreach (var person in new[] { max, site.Anonymous })
        {
            Assert.Empty((await person.GetPageAsync("liveblogs")).Forms);
            var token = (await person.GetPageAsync(person == max ? "account/manage" : "account/login")).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
            using var content = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("_handler", "create"), new("Title", "Mine"), new("Slug", "mine")]);
            using var refused = await person.PostAsync("liveblogs", content);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        Assert.Null(await site.Desk.Liveblogs.FindAsync(site.Ada, "mine", default));
    }

    [Fact]
    public async Task Editors_change_the_title_and_admins_choose_the_editors()
    {
        const string settings = "liveblogs/settled/settings";
        await site.StartAsync("settled");
        using var zoe = await site.JoinAsync("Settler");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(zoe, settings));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(site.Anonymous, settings));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(site.Admin, "liveblogs/nowhere/settings"));

        using var nobody = await site.Admin.SubmitAsync(settings, "add", ("Email", "unknown@example.org"));
        Assert.Equal("No account has this email address.", (await FormClient.ReadAsync(nobody)).QuerySelector(".error")!.TextContent);
        using var added = await site.Admin.SubmitAsync(settings, "add", ("Email", "settler@example.org"));
        Assert.Equal(["Settler"], (await FormClient.ReadAsync(added)).QuerySelectorAll(".liveblog-editor .entry-name").Select(name => name.TextContent));

        using var named = await zoe.SubmitAsync(settings, "name", ("Title", "Settled <now>"), ("Standfirst", "One\r\ntwo."));
        Assert.Equal("Saved.", (await FormClient.ReadAsync(named)).QuerySelector(".done")!.TextContent);
        var page = await site.Anonymous.GetPageAsync("liveblogs/settled");
        Assert.Equal(("Settled <now>", "One two."), (page.QuerySelector("h1")!.TextContent, page.QuerySelector(".liveblog-standfirst")!.TextContent));
        using var untitled = await zoe.SubmitAsync(settings, "name", ("Title", " "), ("Standfirst", "Kept"));
        Assert.Equal("Enter a title.", (await FormClient.ReadAsync(untitled)).QuerySelector(".error")!.TextContent);

        var hers = await zoe.GetPageAsync(settings);
        Assert.Empty(hers.QuerySelectorAll("input[name=Email], button[name=Remove]"));
        var remove = (await site.Admin.GetPageAsync(settings)).QuerySelector("button[name=Remove]")!.GetAttribute("value")!;
        using var removed = await site.Admin.SubmitAsync(settings, "remove", ("Remove", remove));
        Assert.Empty((await FormClient.ReadAsync(removed)).QuerySelectorAll(".liveblog-editor"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(zoe, settings));
    }

    private async Task<HttpStatusCode> AskAgainAsync(string path, string version)
    {
        using var http = new HttpClient { BaseAddress = site.Node.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("If-None-Match", version);
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> StatusAsync(FormClient client, string path)
    {
        using var response = await client.GetAsync(path);
        return response.StatusCode;
    }

    private static async Task<string[]> ReadAllAsync(FormClient client, string[] paths)
    {
        var texts = new List<string>();
        foreach (var path in paths)
        {
            using var response = await client.GetAsync(path);
            texts.Add(await response.Content.ReadAsStringAsync());
        }

        return [.. texts];
    }

    private static string Path(HttpResponseMessage response) =>
        new Uri(response.RequestMessage!.RequestUri!, response.Headers.Location!).AbsolutePath.TrimStart('/');

    private static int[] Ids(IEnumerable<LiveblogPostView> posts) => [.. posts.Select(post => post.Id)];

    private static int[] Articles(IHtmlDocument page) =>
        [.. page.QuerySelectorAll("[data-posts] article").Select(article => int.Parse(article.GetAttribute("data-post")!, System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>Whether the page has the marker of an interactive component.</summary>
    private static bool HasEditor(IHtmlDocument page) =>
        page.Descendants<IComment>().Any(comment => comment.Data.StartsWith("Blazor:", StringComparison.Ordinal) && comment.Data.Contains("\"server\"", StringComparison.Ordinal));
}
