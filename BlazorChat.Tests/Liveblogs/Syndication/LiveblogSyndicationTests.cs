using System.Net;
using System.ServiceModel.Syndication;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using AngleSharp.Html.Dom;

namespace BlazorChat.Tests.Liveblogs.Syndication;

/// <summary>Feeds, the sitemap and the metadata of pages, from a real node.</summary>
[Collection(nameof(ReaderSite))]
public sealed class LiveblogSyndicationTests(ReaderSite site)
{
    private static readonly XNamespace Map = "http://www.sitemaps.org/schemas/sitemap/0.9";

    [Fact]
    public async Task A_feed_has_the_posts_with_absolute_addresses()
    {
        var launch = await site.StartAsync("fed", "Launch & day");
        var first = await site.PostAsync(launch, "**one** 발사");
        var second = await site.PostAsync(launch, "[two](https://example.org/?a=1&b=2)", "Two <2>");
        await site.Desk.Editing.PinAsync(site.Ada, launch.Id, first.Id, true, default);
        var edited = await site.Desk.EditPostAsync(site.Ada, launch, first.Id, "one, *edited*");

        var feed = await ReadFeedAsync("liveblogs/fed/feed.atom");

        Assert.Equal("Launch & day", feed.Title.Text);
        Assert.Equal(edited.EditedAt!.Value, feed.LastUpdatedTime.UtcDateTime, TimeSpan.FromSeconds(1));
        Assert.Equal(Address("liveblogs/fed"), Link(feed.Links, "alternate"));
        Assert.Equal(Address("liveblogs/fed/feed.atom"), Link(feed.Links, "self"));
        var items = feed.Items.ToArray();
        Assert.Equal(["Two <2>", "one, edited"], items.Select(item => item.Title.Text));
        Assert.Equal([second.Html, edited.Html], items.Select(item => ((TextSyndicationContent)item.Content).Text));
        Assert.All(items, item => Assert.Equal(("html", "Ada"), (item.Content.Type, item.Authors.Single().Name)));
        Assert.Equal([Address($"liveblogs/fed/posts/{second.Id}"), Address($"liveblogs/fed/posts/{first.Id}")], items.Select(item => Link(item.Links, "alternate")));
        Assert.Equal(edited.EditedAt.Value, items[1].LastUpdatedTime.UtcDateTime, TimeSpan.FromSeconds(1));

        var page = await site.Anonymous.GetPageAsync("liveblogs/fed");
        Assert.Equal(Address("liveblogs/fed/feed.atom").ToString(), page.QuerySelector("link[rel=alternate][type='application/atom+xml']")!.GetAttribute("href"));

        await site.Desk.Lifecycle.ArchiveAsync(site.Ada, launch.Id, default);
        var archived = await ReadFeedAsync("liveblogs/fed/feed.atom");
        Assert.Equal(items.Select(item => item.Id), archived.Items.Select(item => item.Id));
        Assert.Equal(feed.Id, archived.Id);
    }

    [Fact]
    public async Task Feeds_and_metadata_have_cards_as_links()
    {
        var launch = await site.StartAsync("carded");
        var post = await site.PostAsync(launch, "Live now:\n\n[The speech](https://youtu.be/dQw4w9WgXcQ)");
        Assert.Contains("<figure", post.Html, StringComparison.Ordinal);

        var item = Assert.Single((await ReadFeedAsync("liveblogs/carded/feed.atom")).Items);
        var page = await site.Anonymous.GetPageAsync("liveblogs/carded");

        const string text = "Live now: The speech · YouTube";
        Assert.Equal(text, item.Title.Text);
        Assert.Equal(
            """
            <p>Live now:</p>
            <p><a href="https://youtu.be/dQw4w9WgXcQ" rel="nofollow noopener noreferrer" target="_blank"><strong>The speech</strong> · YouTube</a></p>
            """,
            ((TextSyndicationContent)item.Content).Text);
        Assert.Equal(text, page.QuerySelector("meta[name=description]")!.GetAttribute("content"));
        var data = JsonDocument.Parse(page.QuerySelector("script[type='application/ld+json']")!.TextContent);
        Assert.Equal(text, data.RootElement.GetProperty("liveBlogUpdate")[0].GetProperty("articleBody").GetString());
    }

    [Fact]
    public async Task Characters_that_XML_cannot_represent_are_removed_from_feeds()
    {
        var launch = await site.StartAsync("odd");
        var post = await site.PostAsync(launch, "odd \u0008\u001b\uffff text", "odd\uffff 👩‍👩‍👧 title");
        Assert.Contains('\u001b', post.Html);

        var item = Assert.Single((await ReadFeedAsync("liveblogs/odd/feed.atom")).Items);

        Assert.Equal("odd 👩‍👩‍👧 title", item.Title.Text);
        Assert.Equal(string.Concat(post.Html.Where(XmlConvert.IsXmlChar)), ((TextSyndicationContent)item.Content).Text);
    }

    [Fact]
    public async Task The_sitemap_lists_every_public_liveblog()
    {
        var draft = await site.DraftAsync("mapped");
        var ended = await site.StartAsync("mapped-ended");
        ended = await site.Desk.Lifecycle.ArchiveAsync(site.Ada, ended.Id, default);
        var before = await ReadMapAsync();
        Assert.DoesNotContain(Address("liveblogs/mapped").ToString(), before.Keys);
        Assert.Equal(ended.ArchivedAt!.Value, before[Address("liveblogs/mapped-ended").ToString()], TimeSpan.FromSeconds(1));

        var started = await site.Desk.Lifecycle.StartAsync(site.Ada, draft.Id, default);
        Assert.Equal(started.StartedAt!.Value, (await ReadMapAsync())[Address("liveblogs/mapped").ToString()], TimeSpan.FromSeconds(1));
        var post = await site.PostAsync(started, "text");
        post = await site.Desk.EditPostAsync(site.Ada, started, post.Id, "edited");
        Assert.Equal(post.EditedAt!.Value, (await ReadMapAsync())[Address("liveblogs/mapped").ToString()], TimeSpan.FromSeconds(1));

        using var robots = await site.Anonymous.GetAsync("robots.txt");
        Assert.Contains($"Sitemap: {Address("sitemap.xml")}\n", await robots.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_has_metadata_for_search_engines()
    {
        const string evil = "</script><script>alert(1)</script><!-- \u2028 발사";
        var launch = await site.StartAsync("covered", evil);
        var post = await site.PostAsync(launch, $"text {evil}", evil);
        launch = await site.Desk.Lifecycle.DescribeAsync(site.Ada, launch.Id, evil, "\"What\" <happens>", default);

        var page = await site.Anonymous.GetPageAsync("liveblogs/covered");

        var data = Data(page);
        Assert.Equal(("https://schema.org", "LiveBlogPosting"), (data.GetProperty("@context").GetString(), data.GetProperty("@type").GetString()));
        Assert.Equal(evil, data.GetProperty("headline").GetString());
        Assert.Equal(Address("liveblogs/covered").ToString(), data.GetProperty("url").GetString());
        Assert.Equal(launch.StartedAt, data.GetProperty("coverageStartTime").GetDateTime());
        Assert.False(data.TryGetProperty("coverageEndTime", out _));
        var update = Assert.Single(data.GetProperty("liveBlogUpdate").EnumerateArray());
        Assert.Equal(("BlogPosting", evil, "Ada"), (update.GetProperty("@type").GetString(), update.GetProperty("headline").GetString(), update.GetProperty("author").GetProperty("name").GetString()));
        Assert.Equal(Address($"liveblogs/covered/posts/{post.Id}").ToString(), update.GetProperty("url").GetString());
        Assert.Equal(post.PublishedAt, update.GetProperty("datePublished").GetDateTime());
        Assert.StartsWith("text </script>", update.GetProperty("articleBody").GetString(), StringComparison.Ordinal);
        Assert.Equal(4, page.Scripts.Length);

        Assert.Equal(Address("liveblogs/covered").ToString(), page.QuerySelector("link[rel=canonical]")!.GetAttribute("href"));
        Assert.Equal((evil, "\"What\" <happens>"), (Meta(page, "og:title"), Meta(page, "og:description")));
        Assert.Equal("\"What\" <happens>", page.QuerySelector("meta[name=description]")!.GetAttribute("content"));

        var own = await site.Anonymous.GetPageAsync($"liveblogs/covered/posts/{post.Id}");
        Assert.Equal(Address($"liveblogs/covered/posts/{post.Id}").ToString(), own.QuerySelector("link[rel=canonical]")!.GetAttribute("href"));
        Assert.Equal(evil, Meta(own, "og:title"));
        Assert.StartsWith("text </script>", Meta(own, "og:description"), StringComparison.Ordinal);

        var older = await site.Anonymous.GetPageAsync("liveblogs/covered?before=999999");
        Assert.Equal(Address("liveblogs/covered?before=999999").ToString(), older.QuerySelector("link[rel=canonical]")!.GetAttribute("href"));

        var ended = await site.Desk.Lifecycle.ArchiveAsync(site.Ada, launch.Id, default);
        Assert.Equal(ended.ArchivedAt, Data(await site.Anonymous.GetPageAsync("liveblogs/covered")).GetProperty("coverageEndTime").GetDateTime());
    }

    private Uri Address(string path) => new(site.Node.Address, path);

    private async Task<SyndicationFeed> ReadFeedAsync(string path)
    {
        using var response = await site.Anonymous.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, "application/atom+xml"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        using var xml = XmlReader.Create(await response.Content.ReadAsStreamAsync());
        return SyndicationFeed.Load(xml);
    }

    private async Task<Dictionary<string, DateTime>> ReadMapAsync()
    {
        using var response = await site.Anonymous.GetAsync("sitemap.xml");
        var map = XDocument.Parse(await response.Content.ReadAsStringAsync());
        return map.Root!.Elements(Map + "url").ToDictionary(
            url => url.Element(Map + "loc")!.Value, url => ((DateTimeOffset)url.Element(Map + "lastmod")!).UtcDateTime);
    }

    private static JsonElement Data(IHtmlDocument page) =>
        JsonDocument.Parse(page.Scripts.Single(script => script.Type == "application/ld+json").TextContent).RootElement;

    private static string? Meta(IHtmlDocument page, string property) => page.QuerySelector($"meta[property='{property}']")!.GetAttribute("content");

    private static Uri Link(IEnumerable<SyndicationLink> links, string relation) => links.Single(link => link.RelationshipType == relation).Uri;
}
