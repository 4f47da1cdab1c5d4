using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using BlazorChat.Markup;
using BlazorChat.Markup.Embeds;

namespace BlazorChat.Tests.Markup.Embeds;

public sealed class EmbedCardsTests
{
    private const string Link = "https://youtu.be/dQw4w9WgXcQ";
    private const string Frame = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ";
    private const string Card =
        $"""<figure class="embed embed-wide" data-embed="{Frame}"><a href="{Link}" rel="nofollow noopener noreferrer" target="_blank">YouTube</a></figure>""";

    [Theory]
    [InlineData(Link, Card)]
    [InlineData("<" + Link + ">", Card)]
    [InlineData("[" + Link + "](" + Link + ")", Card)]
    [InlineData("before\n\n" + Link + "  \n\nafter", "<p>before</p>\n" + Card + "\n<p>after</p>")]
    public void A_link_that_stands_alone_becomes_a_card(string markdown, string html) =>
        Assert.Equal(html, MarkdownHtml.Render(markdown, withEmbeds: true));

    [Theory]
    [InlineData("[The *whole* `speech` & all][1]\n\n[1]: " + Link, "The whole speech & all · YouTube")]
    [InlineData("[**<b>Bold</b>**](" + Link + " \"a title\")", "<b>Bold</b> · YouTube")]
    public void The_words_of_a_link_are_the_cards_title(string markdown, string words)
    {
        var html = MarkdownHtml.Render(markdown, withEmbeds: true);

        Assert.Equal(words, Assert.Single(Parse(html).QuerySelectorAll("figure > a")).TextContent);
        Assert.Equal(words, HtmlText.Read(html, 100));
    }

    [Theory]
    [InlineData("Look: " + Link)]
    [InlineData(Link + ".")]
    [InlineData(Link + "\n" + Link)]
    [InlineData("> " + Link)]
    [InlineData("- " + Link)]
    [InlineData("## " + Link)]
    [InlineData("![x](" + Link + ")")]
    [InlineData("`" + Link + "`")]
    [InlineData("    " + Link)]
    [InlineData("https://example.org/watch?v=dQw4w9WgXcQ")]
    public void Everything_else_stays_what_it_is(string markdown) =>
        Assert.Equal(MarkdownHtml.Render(markdown), MarkdownHtml.Render(markdown, withEmbeds: true));

    [Fact]
    public void Rooms_have_none() => Assert.DoesNotContain("embed", MarkdownHtml.Render(Link), StringComparison.Ordinal);

    [Theory]
    [InlineData("<figure class=\"embed embed-wide\" data-embed=\"https://evil.example\"><a href=\"" + Link + "\">x</a></figure>")]
    [InlineData("<iframe src=\"" + Frame + "\"></iframe>")]
    [InlineData("[x](" + Link + "){.embed data-embed=\"https://evil.example\"}")]
    [InlineData("{data-embed=\"https://evil.example\"}\n" + Link)]
    [InlineData("```embed data-embed=https://evil.example\n" + Link + "\n```")]
    [InlineData("```embed-wide\nx\n```")]
    [InlineData("[x\"><figure data-embed=\"https://evil.example\">](" + Link + ")")]
    [InlineData("[x](" + Link + "?\"><figure/data-embed=\"https://evil.example\">)")]
    [InlineData("[x](<" + Link + "?\" data-embed=\"https://evil.example>)")]
    [InlineData("<" + Link + "?'data-embed='https://evil.example>")]
    [InlineData("[x](https://evil.example#" + Link + ")")]
    [InlineData("[x](javascript:alert(1)//" + Link + ")")]
    public void No_text_can_fake_a_card(string markdown)
    {
        var page = Parse(MarkdownHtml.Render(markdown, withEmbeds: true));

        Assert.Empty(page.QuerySelectorAll("iframe, script, img"));
        foreach (var element in page.Body!.QuerySelectorAll("*").Where(element => element.HasAttribute("data-embed") || element.HasAttribute("class")))
        {
            Assert.Equal("FIGURE", element.TagName);
            Assert.Equal(Frame, element.GetAttribute("data-embed"));
            Assert.Equal("embed embed-wide", element.ClassName);
            Assert.StartsWith(Link, Assert.Single(element.Children).GetAttribute("href"), StringComparison.Ordinal);
        }
    }

    /// <summary>As if something before the sanitiser had been fooled.</summary>
    [Theory]
    [InlineData("<figure class=\"embed embed-wide\" data-embed=\"https://evil.example\"><a href=\"" + Link + "\">x</a></figure>")]
    [InlineData("<figure class=\"embed embed-tall\" data-embed=\"" + Frame + "\"><a href=\"" + Link + "\">x</a></figure>")]
    [InlineData("<figure class=\"embed embed-wide\" data-embed=\"" + Frame + "\"><a href=\"https://evil.example\">x</a></figure>")]
    [InlineData("<figure class=\"embed embed-wide\" data-embed=\"" + Frame + "\"><a href=\"" + Link + "\">x</a><p>y</p></figure>")]
    [InlineData("<p class=\"new-posts\" data-embed=\"" + Frame + "\"><a href=\"" + Link + "\">x</a></p>")]
    public void The_gate_believes_no_card_that_it_cannot_compute(string html)
    {
        var gate = new Ganss.Xss.HtmlSanitizer();
        EmbedCards.Allow(gate);

        var page = Parse(gate.Sanitize(html));

        Assert.Empty(page.QuerySelectorAll("[data-embed], [class]"));
        Assert.NotEmpty(page.QuerySelectorAll("a"));
    }

    [Fact]
    public void Each_service_passes_the_gate()
    {
        string[] links =
        [
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=5", "https://vimeo.com/76979871/0a1b2c3d4e", "https://dai.ly/x84sh87",
            "https://www.tiktok.com/@a/video/6718335390845095173", "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC",
            "https://x.com/a/status/12", "https://bsky.app/profile/did:plc:z72i7hdynmk6r22z27h6tvur/post/3l6oveex3ii2l",
            "https://www.instagram.com/p/CxYz123/", "https://www.datawrapper.de/_/AbC12/", "https://flo.uri.sh/visualisation/1/embed",
            "https://www.openstreetmap.org/?mlat=52.5&mlon=13.4#map=12/52.5/13.4",
        ];

        var cards = Parse(MarkdownHtml.Render(string.Join("\n\n", links), withEmbeds: true)).QuerySelectorAll("figure[data-embed]");

        Assert.Equal(links.Select(link => EmbedServices.Find(link)!.Frame), cards.Select(card => card.GetAttribute("data-embed")));
        Assert.Equal(EmbedServices.Origins.Order(), cards.Select(card => new Uri(card.GetAttribute("data-embed")!).GetLeftPart(UriPartial.Authority)).Order());
    }

    [Fact]
    public void A_program_that_reads_gets_links() => Assert.Equal(
        $"""
        <p>a</p>
        <p><a href="{Link}" rel="nofollow noopener noreferrer" target="_blank"><strong>b</strong> · YouTube</a></p>
        """,
        EmbedCards.AsLinks(MarkdownHtml.Render($"a\n\n[b]({Link})", withEmbeds: true)));

    private static IDocument Parse(string html) => new HtmlParser().ParseDocument(html);
}
