using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using BlazorChat.Markup;
using BlazorChat.Markup.Figures;

namespace BlazorChat.Tests.Markup.Figures;

public sealed class FileFiguresTests
{
    private const string Id = "0198a6e2-1111-7222-8333-444455556666";
    private const string Address = $"attachments/{Id}";
    private const string Preview = "data:image/webp;base64,UklGRg==";

    private static readonly ShownFile Picture = new(Address, "photo.jpg", "JPG, 2 MB", FileShape.Picture, 4000, 3000, 400, 1200, Preview);

    [Fact]
    public void A_picture_alone_in_a_paragraph_has_its_box_its_thumbnails_and_its_caption() => Assert.Equal(
        $"""<figure class="picture"><a href="{Address}" data-picture=""><img src="{Address}/400" srcset="{Address}/400 400w, {Address}/1200 1200w" sizes="(min-width: 720px) 680px, 100vw" width="4000" height="3000" alt="A boat" loading="lazy"></a><figcaption>On the lake</figcaption></figure>""",
        Render($"![A *boat*](attachment:{Id} \"On the lake\")", Picture));

    [Fact]
    public void A_small_picture_has_one_source() => Assert.Equal(
        $"""<img src="{Address}/400" width="90" height="60" alt="" loading="lazy">""",
        Query($"![](attachment:{Id})", "img", Picture with { Width = 90, Height = 60, SmallWidth = 90, LargeWidth = 90 }).OuterHtml);

    [Theory]
    [InlineData(Preview)]
    [InlineData("")]
    public void A_picture_without_thumbnails_asks_for_none(string preview)
    {
        var image = Query($"![x](attachment:{Id})", "img", Picture with { Shape = FileShape.PendingPicture, Preview = preview });

        Assert.StartsWith("data:image/", image.GetAttribute("src"), StringComparison.Ordinal);
        Assert.Equal(("4000", "3000", null), (image.GetAttribute("width"), image.GetAttribute("height"), image.GetAttribute("srcset")));
    }

    [Theory]
    [InlineData("[The numbers](attachment:{0})", FileShape.Card, "The numbers")]
    [InlineData("![The numbers](attachment:{0})", FileShape.Card, "The numbers")]
    [InlineData("[](attachment:{0})", FileShape.Picture, "photo.jpg")]
    public void What_is_no_picture_here_is_a_card(string markdown, FileShape shape, string name) => Assert.Equal(
        $"""<figure class="file"><a href="{Address}"><strong>{name}</strong> · JPG, 2 MB</a></figure>""",
        Render(markdown.Replace("{0}", Id, StringComparison.Ordinal), Picture with { Shape = shape }));

    [Theory]
    [InlineData(FileShape.Video, "video")]
    [InlineData(FileShape.Audio, "audio")]
    public void Videos_and_sounds_are_played_in_place(FileShape shape, string tag) => Assert.Equal(
        $"""<figure class="player"><{tag} src="{Address}" controls="" preload="metadata">x</{tag}></figure>""",
        Render($"![x](attachment:{Id})", Picture with { Shape = shape }));

    [Theory]
    [InlineData("See ![this](attachment:{0}) here")]
    [InlineData("> ![this](attachment:{0})")]
    [InlineData("- [this](attachment:{0})")]
    [InlineData("See [this][1].\n\n[1]: attachment:{0}")]
    public void Elsewhere_it_is_a_link(string markdown)
    {
        var page = Parse(Render(markdown.Replace("{0}", Id, StringComparison.Ordinal), Picture));

        Assert.Equal($"""<a href="{Address}">this</a>""", page.QuerySelector("a")!.OuterHtml);
        Assert.Empty(page.QuerySelectorAll("figure, img"));
    }

    [Theory]
    [InlineData("![x](attachment:0198a6e2-0000-7000-8000-000000000000)")]
    [InlineData("![x](attachment:../../etc/passwd)")]
    [InlineData("![x](attachments/0198a6e2-1111-7222-8333-444455556666)")]
    [InlineData("![x](https://tracker.example/attachments/0198a6e2-1111-7222-8333-444455556666/400)")]
    [InlineData("![x](//tracker.example/attachments/0198a6e2-1111-7222-8333-444455556666/400)")]
    [InlineData("![x](data:image/svg+xml;base64,PHN2Zz4=)")]
    [InlineData("![x](javascript:alert(1))")]
    [InlineData("<img src=\"attachments/0198a6e2-1111-7222-8333-444455556666/400\">")]
    [InlineData("<attachment:0198a6e2-1111-7222-8333-444455556666>")]
    public void Nothing_else_is_a_picture(string markdown)
    {
        var page = Parse(Render(markdown, Picture));

        Assert.Empty(page.QuerySelectorAll("figure, img, video, audio, [class], [data-picture]"));
        Assert.All(page.QuerySelectorAll("[href]"), link => Assert.Matches("^(https:|//|attachments/)", link.GetAttribute("href")!));
    }

    [Theory]
    [InlineData("\"><script>alert(1)</script>")]
    [InlineData("\" onerror=\"alert(1)")]
    [InlineData("--> <svg onload=alert(1)>")]
    [InlineData("&quot; onload=&quot;alert(1)")]
    public void Words_and_names_stay_words(string words)
    {
        var text = words.Replace("\"", "\\\"", StringComparison.Ordinal);
        foreach (var shape in Enum.GetValues<FileShape>())
        {
            var page = Parse(Render($"![{text}](attachment:{Id} \"{text}\")\n\n[](attachment:{Id})", Picture with { Shape = shape, Name = words, Preview = words }));

            Assert.Empty(page.QuerySelectorAll("script, svg, [onerror], [onload]"));
            Assert.Equal(2, page.QuerySelectorAll("figure").Length);
            Assert.Contains(words, page.Body!.TextContent, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("https://tracker.example/x")]
    [InlineData("javascript:alert(1)")]
    [InlineData("attachments/../account")]
    [InlineData($"{Address}?x")]
    public void An_address_that_is_none_of_an_attachment_shows_nothing(string address)
    {
        foreach (var shape in new[] { FileShape.Picture, FileShape.Video, FileShape.Audio })
            Assert.Empty(Parse(Render($"![x](attachment:{Id})", Picture with { Shape = shape, Address = address })).QuerySelectorAll("img, video, audio, [class], [data-picture]"));
    }

    [Fact]
    public void A_text_names_each_file_once()
    {
        const string other = "0198a6e2-1111-7222-8333-777777777777";

        Assert.Equal(
            [Guid.Parse(Id), Guid.Parse(other)],
            MarkdownHtml.FindFiles($"![a](attachment:{Id})\n\n> - [b](ATTACHMENT:{other.ToUpperInvariant()}) and [c](attachment:{Id}) `attachment:{Guid.Empty}`"));
        Assert.Empty(MarkdownHtml.FindFiles(new string('>', 8_000) + $"![a](attachment:{Id})"));
    }

    [Fact]
    public void Places_without_html_get_its_words() =>
        Assert.Equal("A boat > a ship On the lake end", HtmlText.Read(Render($"![A boat > a ship](attachment:{Id} \"On the lake\")\n\nend", Picture), 100));

    [Fact]
    public void Readers_elsewhere_get_whole_addresses()
    {
        var html = Render($"![x](attachment:{Id})\n\n[y](attachment:{Id})\n\nsrc=\"{Address}\"", Picture);

        var page = Parse(FileFigures.AsWhole(html, "https://chat.example/"));

        Assert.Equal($"https://chat.example/{Address}/400", page.QuerySelector("img")!.GetAttribute("src"));
        Assert.Null(page.QuerySelector("img")!.GetAttribute("srcset"));
        Assert.All(page.QuerySelectorAll("a"), link => Assert.Equal($"https://chat.example/{Address}", link.GetAttribute("href")));
        Assert.Contains($"src=\"{Address}\"", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal((Address, Picture.Width, Picture.Height), FileFigures.FindPicture(html));
        Assert.Null(FileFigures.FindPicture(Render($"![x](attachment:{Id})", Picture with { Shape = FileShape.PendingPicture })));
    }

    private static string Render(string markdown, ShownFile file) =>
        MarkdownHtml.Render(markdown, withEmbeds: true, new Dictionary<Guid, ShownFile> { [Guid.Parse(Id)] = file });

    private static IElement Query(string markdown, string selector, ShownFile file) => Parse(Render(markdown, file)).QuerySelector(selector)!;

    private static IHtmlDocument Parse(string html) => new HtmlParser().ParseDocument(html);
}
