using System.IO.Compression;
using System.Text;
using BlazorChat.Rooms.Previews.Fetching;

namespace BlazorChat.Tests.Rooms.Previews;

/// <summary>What is read of other sites, which redirect, stall and lie.</summary>
public sealed class PreviewFetcherTests : IAsyncLifetime
{
    private WebPages _pages = default!;
    private TestDatabase _site = default!;

    public async ValueTask InitializeAsync()
    {
        _pages = await WebPages.StartAsync();
        _site = await TestDatabase.CreateAsync(settings: [.. _pages.Settings, "Shell:PublicUrl=https://chat.example.org/"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await _pages.DisposeAsync();
    }

    [Fact]
    public async Task A_page_has_its_own_words_and_a_scaled_picture_without_metadata_and_learns_nothing_about_people()
    {
        _pages.AddHtml("/news", """
            <!doctype html><html><head><title>Title of the tab</title>
            <meta property="og:title" content="Rain &amp; sun"><meta property="og:description" content="Two
            lines"><meta property="og:site_name" content="The News"><meta property="og:image" content="/pictures/rain.jpg?size=1">
            </head><body><meta property="og:title" content="another"></body></html>
            """);
        _pages.Add("/pictures/rain.jpg?size=1", TestPictures.Jpeg(1600, 1200), "image/jpeg");

        var found = await FetchAsync("/news#part");

        Assert.Equal(("Rain & sun", "Two lines", "The News"), (found.Title, found.Text, found.Site));
        Assert.Equal((240, 180), (found.Picture!.Width, found.Picture.Height));
        Assert.DoesNotContain("A camera", Encoding.Latin1.GetString(found.Picture.WebP), StringComparison.Ordinal);
        Assert.StartsWith("RIFF", Encoding.Latin1.GetString(found.Picture.WebP, 0, 4), StringComparison.Ordinal);
        var headers = await _pages.RequestedAsync("/news");
        Assert.Equal("BlazorChat (link previews; +https://chat.example.org)", headers.UserAgent);
        Assert.Equal(["Accept", "Accept-Encoding", "Host", "User-Agent"], headers.Keys.Order());
    }

    [Fact]
    public async Task Without_better_words_a_page_has_its_title_and_its_host()
    {
        _pages.AddHtml("/plain", "<title> Plain\u202e  page\u0007 </title><meta name=description content='What it is'><p>text");

        var found = await FetchAsync("/plain");

        Assert.Equal(("Plain page", "What it is", "127.0.0.1", null), (found.Title, found.Text, found.Site, found.Picture));
    }

    [Theory]
    [InlineData("<title>Page</title>", "<meta name=description content='later'>", "Page", "later")]
    [InlineData("<title>Page</title><link href='LONG'>", "<meta name=description content='later'>", "Page", "")]
    [InlineData("<title>Page</title></p LONG>", "<meta name=description content='later'>", "Page", "")]
    [InlineData("<title>Page</title><link href=\"> LONG\">", "<meta name=description content='later'>", "Page", "")]
    [InlineData("<title>Page</title><!-- LONG --><script>LONG</script><p>LONG", "<meta name=description content='later'>", "Page", "later")]
    public async Task A_head_is_read_up_to_its_first_long_tag(string first, string then, string title, string text)
    {
        _pages.AddHtml("/page", $"{first.Replace("LONG", new string('x', LongTags.MaxTag), StringComparison.Ordinal)}{then}");

        var found = await FetchAsync("/page");

        Assert.Equal((title, text), (found.Title, found.Text));
    }

    [Fact]
    public void A_tag_that_is_nearly_too_long_is_read_and_a_page_that_nobody_waits_for_is_not()
    {
        const string Start = "<meta name=description content='", End = "'>";
        var value = new string('x', LongTags.MaxTag - Start.Length - End.Length);
        Assert.Equal($"{Start}{value}{End}", LongTags.Cut($"{Start}{value}{End}"));
        Assert.Equal("<p>a</p>", LongTags.Cut($"<p>a</p>{Start}{value}xx{End}"));

        Assert.Throws<OperationCanceledException>(() => PageHead.Read("<title>Page</title>", new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task This_site_is_not_read_by_a_redirect_or_as_a_picture()
    {
        _pages.AddRedirect("/home", "https://chat.example.org/rooms/1");
        _pages.AddRedirect("/plain", "http://CHAT.example.org/");

        Assert.Equal("the address is of this site", await NothingAsync("/home"));
        Assert.Equal("the address is of this site", await NothingAsync("/plain"));
    }

    [Fact]
    public async Task A_page_may_have_characters_that_are_none()
    {
        _pages.AddHtml("/odd", "<title>A\uFFFE page</title>");

        Assert.Equal("A page", (await FetchAsync("/odd")).Title);
    }

    [Fact]
    public async Task Long_words_are_cut()
    {
        _pages.AddHtml("/long", $"<title>{string.Concat(Enumerable.Repeat("word ", 900))}</title><meta name=description content='{new string('가', 3_000)}'>");

        var found = await FetchAsync("/long");

        Assert.InRange(found.Title.Length, 150, 200);
        Assert.EndsWith("…", found.Title, StringComparison.Ordinal);
        Assert.InRange(found.Text.Length, 200, 300);
    }

    [Theory]
    [InlineData("text/html; charset=euc-kr", "")]
    [InlineData("text/html", "<meta charset='euc-kr'>")]
    [InlineData("text/html", "<meta http-equiv=content-type content='text/html; charset=ks_c_5601-1987'>")]
    [InlineData("text/html; charset=no-such-thing", "<meta charset=\"EUC-KR\">")]
    public async Task A_Korean_page_is_read_in_its_encoding(string contentType, string meta)
    {
        var korean = CodePagesEncodingProvider.Instance.GetEncoding(949)!;
        _pages.Add("/korean", korean.GetBytes($"<html><head>{meta}<title>뷁 한국어 문서</title></head>"), contentType);

        Assert.Equal("뷁 한국어 문서", (await FetchAsync("/korean")).Title);
    }

    [Fact]
    public async Task A_byte_order_mark_decides_about_the_encoding()
    {
        _pages.Add("/utf16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("<title>한국</title>")], "text/html; charset=iso-8859-1");

        Assert.Equal("한국", (await FetchAsync("/utf16")).Title);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_compressed_page_is_read_and_a_bomb_only_as_far_as_a_page_may_be_long(string encoding)
    {
        _pages.Add("/packed", context => WritePackedAsync(context, encoding, "<title>Packed</title></head>"));
        _pages.Add("/bomb", context => WritePackedAsync(context, encoding, $"<title>Bomb</title><!--{new string(' ', 50_000_000)}"));

        Assert.Equal("Packed", (await FetchAsync("/packed")).Title);
        Assert.Equal("Bomb", (await FetchAsync("/bomb")).Title);
    }

    [Fact]
    public async Task An_endless_page_is_read_up_to_the_end_of_its_head()
    {
        _pages.Add("/endless", async context =>
        {
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<head><title>Endless</title></head><body>");
            while (true)
                await context.Response.WriteAsync(new string('x', 10_000), context.RequestAborted);
        });
        _pages.Add("/headless", async context =>
        {
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<title>Headless</title>");
            while (true)
                await context.Response.WriteAsync("<meta name=x content=y>", context.RequestAborted);
        });

        Assert.Equal("Endless", (await FetchAsync("/endless")).Title);
        Assert.Equal("Headless", (await FetchAsync("/headless")).Title);
    }

    [Fact]
    public async Task Redirects_are_followed_a_few_times()
    {
        _pages.AddRedirect("/1", "/2");
        _pages.AddRedirect("/2", _pages.Of("/3"));
        _pages.AddRedirect("/3", "4");
        _pages.AddHtml("/4", "<title>Found</title><meta property=og:image content=picture.png>");
        _pages.Add("/picture.png", TestPictures.Png(64, 64), "image/png");
        _pages.AddRedirect("/0", "/1");
        _pages.AddRedirect("/loop", "/loop");

        var found = await FetchAsync("/1");
        Assert.Equal(("Found", 64), (found.Title, found.Picture!.Width));
        Assert.Equal("there are too many redirects", await NothingAsync("/0"));
        Assert.Equal("there are too many redirects", await NothingAsync("/loop"));
        Assert.Equal(4, _pages.CountOf("/loop"));
    }

    /// <summary>The same server by another name, which the operator has not allowed, stands for a machine that only this server reaches.</summary>
    [Theory]
    [InlineData("http://localhost:{0}/secret", "the address is not public")]
    [InlineData("http://localhost/secret", "the host is not public")]
    [InlineData("http://127.0.0.2/secret", "the address is not public")]
    [InlineData("http://169.254.169.254/latest", "the address is not public")]
    [InlineData("https://[::ffff:10.0.0.1]/", "the address is not public")]
    [InlineData("http://0x7f.1/", "the address is not public")]
    [InlineData("http://user:word@127.0.0.1:{0}/secret", "the address is not public")]
    [InlineData("file:///etc/hostname", "the address is not public")]
    [InlineData("gopher://127.0.0.1:{0}/", "the address is not public")]
    public async Task A_private_address_is_not_read_by_a_link_by_a_redirect_or_as_a_picture(string format, string reason)
    {
        var address = format.Replace("{0}", $"{_pages.Address.Port}", StringComparison.Ordinal);
        _pages.AddHtml("/secret", "<title>Secret</title>");
        _pages.AddRedirect("/away", address);
        _pages.AddHtml("/page", $"<title>Page</title><meta property=og:image content='{address}'>");

        Assert.Equal(reason, await NothingAsync(address));
        Assert.Equal(reason, await NothingAsync("/away"));
        Assert.Null((await FetchAsync("/page")).Picture);
        Assert.Equal(0, _pages.CountOf("/secret"));
    }

    [Fact]
    public async Task A_page_that_stalls_is_given_up_and_a_picture_that_stalls_leaves_the_page()
    {
        await using var hasty = await TestDatabase.CreateAsync(settings: [.. _pages.Settings, "LinkPreviews:Timeout=0.5"]);
        _pages.AddStalled("/stalled");
        _pages.Add("/half", async context =>
        {
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<title>Half");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        _pages.AddHtml("/page", "<title>Page</title><meta property=og:image content=/stalled.png>");
        _pages.AddStalled("/stalled.png");

        Assert.Equal("timeout", await NothingAsync("/stalled", hasty));
        Assert.Equal("timeout", await NothingAsync("/half", hasty));
        var found = await FetchAsync("/page", hasty);
        Assert.Equal(("Page", null), (found.Title, found.Picture));
    }

    [Fact]
    public async Task A_page_that_lies_about_its_length_or_type_has_no_preview()
    {
        _pages.Add("/short", async context =>
        {
            context.Response.ContentType = "text/html";
            context.Response.ContentLength = 1_000;
            await context.Response.WriteAsync("<title>Short</title>");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        _pages.Add("/binary", [0, 1, 2, 3, 0xFF], "text/html");
        _pages.Add("/script", "<title>Not shown</title>"u8.ToArray(), "text/javascript");
        _pages.Add("/untyped", async context => await context.Response.WriteAsync("<title>Not shown</title>"));
        _pages.Add("/unpacked", async context =>
        {
            (context.Response.ContentType, context.Response.Headers.ContentEncoding) = ("text/html", "gzip");
            await context.Response.WriteAsync("<title>Not packed</title>");
        });

        Assert.True((await Assert.ThrowsAsync<FetchException>(() => FetchAsync("/short"))).MayPass);
        Assert.Equal("the page has no title", await NothingAsync("/binary"));
        Assert.Equal("it is no page", await NothingAsync("/script"));
        Assert.Equal("it is no page", await NothingAsync("/untyped"));
        Assert.Equal("InvalidDataException", await NothingAsync("/unpacked"));
    }

    [Theory]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(410, false)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    public async Task A_failure_of_the_site_may_pass_and_a_refusal_not(int status, bool mayPass)
    {
        _pages.Add("/status", context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        var failure = await Assert.ThrowsAsync<FetchException>(() => FetchAsync("/status"));

        Assert.Equal(($"status {status}", mayPass), (failure.Message, failure.MayPass));
    }

    [Theory]
    [InlineData("<meta name=robots content='noindex, follow'><title>Hidden</title>", "", "the page asks for no previews")]
    [InlineData("<title>Hidden</title>", "noindex", "the site asks for no previews")]
    [InlineData("<title>Hidden</title>", "otherbot: nosnippet", "the site asks for no previews")]
    public async Task A_page_that_asks_not_to_be_shown_is_not(string html, string header, string reason)
    {
        _pages.Add("/hidden", async context =>
        {
            context.Response.ContentType = "text/html";
            if (header.Length > 0)
                context.Response.Headers["X-Robots-Tag"] = header;
            await context.Response.WriteAsync(html);
        });

        Assert.Equal(reason, await NothingAsync("/hidden"));
    }

    [Fact]
    public async Task A_picture_that_lies_is_not_shown_and_a_link_to_a_picture_shows_it()
    {
        byte[][] lies = [Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'/>"), [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1], new byte[6 * 1024 * 1024]];
        TestPictures.Png(64, 64).CopyTo(lies[2], 0);
        foreach (var (index, lie) in lies.Index())
        {
            _pages.Add($"/lie{index}.png", lie, "image/png");
            _pages.AddHtml($"/{index}", $"<title>Page</title><meta property=og:image content=/lie{index}.png>");
            Assert.Null((await FetchAsync($"/{index}")).Picture);
            Assert.Equal("it is no picture", await NothingAsync($"/lie{index}.png"));
        }

        _pages.Add("/photos/A%20cat.png", TestPictures.Png(64, 48), "image/png");
        _pages.Add("/photos/A cat.png", TestPictures.Png(64, 48), "image/png");
        var found = await FetchAsync("/photos/A%20cat.png");
        Assert.Equal(("A cat.png", 64, 48), (found.Title, found.Picture!.Width, found.Picture.Height));
    }

    private Task<FoundPage> FetchAsync(string path, TestDatabase? site = null) =>
        (site ?? _site).Services.GetRequiredService<PreviewFetcher>().FetchAsync(new Uri(_pages.Address, path), default).WaitAsync(TestWait.Limit);

    private async Task<string> NothingAsync(string path, TestDatabase? site = null) => (await Assert.ThrowsAsync<FetchException>(() => FetchAsync(path, site))).Message;

    private static async Task WritePackedAsync(HttpContext context, string encoding, string text)
    {
        (context.Response.ContentType, context.Response.Headers.ContentEncoding) = ("text/html", encoding);
        await using Stream packed = encoding switch
        {
            "gzip" => new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true),
            _ => new ZLibStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true),
        };
        await packed.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
    }
}
