using System.Net;
using System.ServiceModel.Syndication;
using System.Text.Json;
using System.Xml;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Posts;

namespace BlazorChat.Tests.Liveblogs.Posts;

/// <summary>The pictures of posts as other sites, search engines and feed readers receive them, from a node that makes their thumbnails.</summary>
[Collection(nameof(ReaderSite))]
public sealed class LiveblogPicturesTests(ReaderSite site) : IAsyncLifetime
{
    private ScriptClient _editor = default!;
    private ScriptClient _anonymous = default!;

    public ValueTask InitializeAsync()
    {
        _editor = new ScriptClient(site.Node.Address, cookies: site.Admin.Cookies);
        _anonymous = new ScriptClient(site.Node.Address);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _editor.Dispose();
        _anonymous.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Pages_and_feeds_have_absolute_addresses_of_public_pictures()
    {
        var launch = await site.StartAsync("pictured");
        await site.PostAsync(launch, "no picture");
        var picture = TestPictures.Jpeg(1600, 900);
        var id = await _editor.UploadAsync("liveblog", launch.Id, picture, "boat.jpg");
        var post = await site.PostAsync(launch, $"Look:\n\n![A boat](attachment:{id} \"On the lake\")");
        // These pages are cached without the thumbnails.
        await site.Anonymous.GetPageAsync("liveblogs/pictured");
        await site.Anonymous.GetPageAsync($"liveblogs/pictured/posts/{post.Id}");
        await ReadFeedAsync("pictured");

        await WaitForThumbnailsAsync(launch, id);
        var page = await site.Anonymous.GetPageAsync("liveblogs/pictured");
        var own = await site.Anonymous.GetPageAsync($"liveblogs/pictured/posts/{post.Id}");
        var items = (await ReadFeedAsync("pictured")).Items.ToArray();

        Assert.Equal([Address($"attachments/{id}/1200.jpg")], OpenGraphPictures(page));
        Assert.Equal([Address($"attachments/{id}/1200.jpg")], OpenGraphPictures(own));
        Assert.Equal([Address($"attachments/{id}/1200.jpg"), null], StructuredPictures(page));
        var figure = Assert.Single(Html(items[0]).QuerySelectorAll("figure"));
        Assert.Equal(Address($"attachments/{id}/400"), figure.QuerySelector("img")!.GetAttribute("src"));
        Assert.Equal(Address($"attachments/{id}"), figure.QuerySelector("a")!.GetAttribute("href"));
        Assert.Equal(("A boat", "On the lake"), (figure.QuerySelector("img")!.GetAttribute("alt"), figure.QuerySelector("figcaption")!.TextContent));
        Assert.Null(figure.QuerySelector("img")!.GetAttribute("srcset"));
        Assert.Empty(Html(items[1]).QuerySelectorAll("figure, img"));

        Assert.Equal(("image/webp", 1200, 675), await GetPictureAsync($"attachments/{id}/1200"));
        Assert.Equal(("image/webp", 400, 225), await GetPictureAsync(figure.QuerySelector("img")!.GetAttribute("src")!));
        Assert.Equal(("image/jpeg", 1600, 900), await GetPictureAsync(figure.QuerySelector("a")!.GetAttribute("href")!));
    }

    [Theory]
    [InlineData("jpeg", 1600, 900)]
    [InlineData("jpeg", 333, 101)]
    [InlineData("png", 0, 0)]
    public async Task E9_Other_sites_receive_a_JPEG_with_its_size(string format, int width, int height)
    {
        var slug = $"shared-{format}-{width}";
        var launch = await site.StartAsync(slug);
        var picture = format == "png" ? TestPictures.Png() : TestPictures.Jpeg(width, height);
        var id = await _editor.UploadAsync("liveblog", launch.Id, picture, $"boat.{format}");
        var post = await site.PostAsync(launch, $"![A boat](attachment:{id})");
        await WaitForThumbnailsAsync(launch, id);

        foreach (var path in new[] { $"liveblogs/{slug}", $"liveblogs/{slug}/posts/{post.Id}" })
        {
            var page = await site.Anonymous.GetPageAsync(path);
            string Tag(string name) => page.QuerySelector($"meta[property='{name}']")!.GetAttribute("content")!;
            Assert.Equal("image/jpeg", Tag("og:image:type"));
            // The JPEG is made for the first page and found for the second.
            Assert.Equal(
                (Tag("og:image:type"), Tag("og:image:width"), Tag("og:image:height")),
                await GetPictureAsync(Tag("og:image")) is var (type, shownWidth, shownHeight) ? (type!, $"{shownWidth}", $"{shownHeight}") : default);
        }
    }

    [Fact]
    public async Task The_picture_of_a_draft_is_public_when_the_draft_is_published()
    {
        var launch = await site.StartAsync("drafted");
        await site.PostAsync(launch, "published");
        var id = await _editor.UploadAsync("liveblog", launch.Id, TestPictures.Png(), "secret.png");
        var text = new PostText("", $"![Secret](attachment:{id})", IsKeyEvent: false);
        var draft = Guid.NewGuid();
        await site.Desk.Drafts.SaveAsync(site.Ada, launch.Id, draft, text, null, default);

        await CheckHiddenAsync("drafted", id);
        Assert.Equal(HttpStatusCode.OK, await _editor.StatusAsync($"attachments/{id}"));

        await site.Desk.Editing.PublishAsync(site.Ada, launch.Id, draft, text, default);
        await WaitForThumbnailsAsync(launch, id);

        Assert.Equal([Address($"attachments/{id}/1200.jpg")], OpenGraphPictures(await site.Anonymous.GetPageAsync("liveblogs/drafted")));
        Assert.Contains($"{id}", await ReadAsync("liveblogs/drafted/feed.atom"), StringComparison.Ordinal);
        await GetPictureAsync($"attachments/{id}/1200");
    }

    [Fact]
    public async Task A_picture_of_a_liveblog_is_public_when_it_starts()
    {
        var launch = await site.DraftAsync("unstarted");
        var id = await _editor.UploadAsync("liveblog", launch.Id, TestPictures.Png(), "secret.png");
        await site.PostAsync(launch, $"![Secret](attachment:{id})");

        foreach (var path in new[] { "liveblogs/unstarted", "liveblogs/unstarted/feed.atom", $"attachments/{id}", $"attachments/{id}/400", $"attachments/{id}/1200", $"attachments/{id}/1200.jpg" })
            Assert.Equal((path, HttpStatusCode.NotFound), (path, await _anonymous.StatusAsync(path)));
        Assert.Equal(HttpStatusCode.OK, await _editor.StatusAsync($"attachments/{id}"));

        await site.Desk.Lifecycle.StartAsync(site.Ada, launch.Id, default);
        await WaitForThumbnailsAsync(launch, id);
        Assert.Equal([Address($"attachments/{id}/1200.jpg")], OpenGraphPictures(await site.Anonymous.GetPageAsync("liveblogs/unstarted")));
        await GetPictureAsync($"attachments/{id}/1200");
    }

    [Fact]
    public async Task The_picture_of_a_deleted_post_is_nowhere()
    {
        var launch = await site.StartAsync("withdrawn");
        await site.PostAsync(launch, "stays");
        var id = await _editor.UploadAsync("liveblog", launch.Id, TestPictures.Png(), "wrong.png");
        var post = await site.PostAsync(launch, $"![Wrong](attachment:{id})");
        await WaitForThumbnailsAsync(launch, id);
        await GetPictureAsync($"attachments/{id}/1200");

        await site.Desk.Editing.DeleteAsync(site.Ada, launch.Id, post.Id, default);

        await CheckHiddenAsync("withdrawn", id);
    }

    [Fact]
    public async Task D8_A_picture_that_an_edit_removes_is_nowhere()
    {
        var launch = await site.StartAsync("edited-picture");
        var id = await _editor.UploadAsync("liveblog", launch.Id, TestPictures.Png(), "wrong.png");
        var post = await site.PostAsync(launch, $"![Wrong](attachment:{id})");
        await WaitForThumbnailsAsync(launch, id);
        await GetPictureAsync($"attachments/{id}/1200");

        await site.Desk.EditPostAsync(site.Ada, launch, post.Id, "without");

        await CheckHiddenAsync("edited-picture", id);
        Assert.Equal(HttpStatusCode.OK, await _editor.StatusAsync($"attachments/{id}"));
    }

    /// <summary>Asserts that nothing public names the file, and that its addresses do not exist.</summary>
    private async Task CheckHiddenAsync(string slug, Guid id)
    {
        foreach (var path in new[] { $"liveblogs/{slug}", $"liveblogs/{slug}/feed.atom" })
            Assert.DoesNotContain($"{id}", await ReadAsync(path), StringComparison.OrdinalIgnoreCase);
        var page = await site.Anonymous.GetPageAsync($"liveblogs/{slug}");
        Assert.Empty(OpenGraphPictures(page));
        Assert.Equal([null], StructuredPictures(page));
        foreach (var path in new[] { $"attachments/{id}", $"attachments/{id}/400", $"attachments/{id}/1200", $"attachments/{id}/1200.jpg" })
            Assert.Equal((path, HttpStatusCode.NotFound), (path, await _anonymous.StatusAsync(path)));
    }

    /// <summary>Returns when the stream has the thumbnails of the picture.</summary>
    private async Task WaitForThumbnailsAsync(LiveblogView liveblog, Guid id)
    {
        await using var stream = await StreamClient.ConnectAsync(site.Node.Address, $"liveblogs/{liveblog.Slug}/events?after=0");
        while (!(await stream.ReceiveAsync()).Data.Contains($"attachments/{id}/400", StringComparison.Ordinal))
        {
            // Another event, or the post without thumbnails.
        }
    }

    private string Address(string path) => new Uri(site.Node.Address, path).ToString();

    private async Task<string> ReadAsync(string path)
    {
        using var response = await _anonymous.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<SyndicationFeed> ReadFeedAsync(string slug)
    {
        using var xml = XmlReader.Create(new StringReader(await ReadAsync($"liveblogs/{slug}/feed.atom")));
        return SyndicationFeed.Load(xml);
    }

    /// <summary>Reads a picture as an anonymous reader.</summary>
    private async Task<(string? Type, int Width, int Height)> GetPictureAsync(string address)
    {
        using var response = await _anonymous.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.Public);
        // Editors can withdraw it, so it is not cached for long.
        Assert.InRange(response.Headers.CacheControl.MaxAge!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        var header = TestPictures.HeaderOf(await response.Content.ReadAsByteArrayAsync())!;
        return (response.Content.Headers.ContentType!.MediaType, header.Width, header.Height);
    }

    private static IEnumerable<string?> OpenGraphPictures(IHtmlDocument page) =>
        page.QuerySelectorAll("meta[property='og:image']").Select(meta => meta.GetAttribute("content"));

    /// <summary>The pictures of the posts in the page's schema.org data, newest first; null for a post without one.</summary>
    private static IEnumerable<string?> StructuredPictures(IHtmlDocument page)
    {
        var data = JsonDocument.Parse(page.Scripts.Single(script => script.Type == "application/ld+json").TextContent);
        return data.RootElement.GetProperty("liveBlogUpdate").EnumerateArray()
            .Select(post => post.TryGetProperty("image", out var image) ? image.GetString() : null);
    }

    private static IHtmlDocument Html(SyndicationItem item) => new HtmlParser().ParseDocument(((TextSyndicationContent)item.Content).Text);
}
