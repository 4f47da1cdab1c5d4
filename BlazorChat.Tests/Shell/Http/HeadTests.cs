using System.Net;
using BlazorChat.Tests.Liveblogs;

namespace BlazorChat.Tests.Shell.Http;

[Collection(nameof(ReaderSite))]
public sealed class HeadTests(ReaderSite site)
{
    [Theory]
    [InlineData("")]
    [InlineData("rooms/1")]
    [InlineData("account/login")]
    [InlineData("account/manage")]
    [InlineData("liveblogs")]
    [InlineData("liveblogs/head")]
    [InlineData("liveblogs/head/feed.atom")]
    [InlineData("liveblogs/nowhere")]
    [InlineData("sitemap.xml")]
    [InlineData("robots.txt")]
    [InlineData("nowhere")]
    [InlineData("css/theme.css")]
    [InlineData("health/ready")]
    [InlineData("avatars/1/00000000-0000-0000-0000-000000000001")]
    [InlineData("attachments/00000000-0000-0000-0000-000000000001")]
    [InlineData("attachments/00000000-0000-0000-0000-000000000001/1200.jpg")]
    public async Task E7_HEAD_is_answered_as_GET_without_a_body(string path)
    {
        if (await site.Desk.Liveblogs.FindAsync(site.Ada, "head", default) is null)
            await site.StartAsync("head");

        foreach (var visitor in new[] { site.Anonymous, site.Admin })
        {
            using var get = await visitor.GetAsync(path);
            using var head = await visitor.HeadAsync(path);

            Assert.NotEqual(HttpStatusCode.MethodNotAllowed, head.StatusCode);
            Assert.Equal(
                (get.StatusCode, get.Headers.Location, get.Headers.ETag, $"{get.Content.Headers.ContentType}"),
                (head.StatusCode, head.Headers.Location, head.Headers.ETag, $"{head.Content.Headers.ContentType}"));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task E7_The_answer_to_HEAD_is_not_kept_as_the_page()
    {
        await site.StartAsync("head-first");

        using var head = await site.Anonymous.HeadAsync("liveblogs/head-first");
        var page = await site.Anonymous.GetPageAsync("liveblogs/head-first");

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.NotNull(page.QuerySelector("[data-liveblog]"));
    }
}
