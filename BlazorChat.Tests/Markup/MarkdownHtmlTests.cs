using BlazorChat.Markup;

namespace BlazorChat.Tests.Markup;

public sealed class MarkdownHtmlTests
{
    [Theory]
    [InlineData("**bold** and `code`", "<p><strong>bold</strong> and <code>code</code></p>")]
    [InlineData("one\ntwo", "<p>one<br>two</p>")]
    [InlineData("<b>no html</b>", "<p>&lt;b&gt;no html&lt;/b&gt;</p>")]
    [InlineData("👍 한국어", "<p>👍 한국어</p>")]
    public void Markdown_becomes_html(string markdown, string html) => Assert.Equal(html, MarkdownHtml.Render(markdown));

    [Theory]
    [InlineData("https://example.org/a?b=1&c=2")]
    [InlineData("[x](https://example.org)")]
    [InlineData("<https://example.org>")]
    public void Links_open_outside_and_tell_nothing(string markdown)
    {
        var html = MarkdownHtml.Render(markdown);

        Assert.Contains("href=\"https://example.org", html, StringComparison.Ordinal);
        Assert.Contains("rel=\"nofollow noopener noreferrer\"", html, StringComparison.Ordinal);
        Assert.Contains("target=\"_blank\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("[x](JaVaScRiPt:alert(1))")]
    [InlineData("[x](data:text/html,<script>alert(1)</script>)")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("<svg/onload=alert(1)>")]
    [InlineData("![x](https://tracker.example/pixel.png)")]
    [InlineData("```\"><script>alert(1)</script>\n```")]
    [InlineData("[x](https://example.org \"onmouseover=alert(1)\")")]
    public void Nothing_runs_or_loads_by_being_read(string markdown)
    {
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(MarkdownHtml.Render(markdown));

        Assert.Empty(page.QuerySelectorAll("script, img, svg, iframe, style, object"));
        Assert.DoesNotContain(page.All, element => element.Attributes.Any(a => a.Name.StartsWith("on", StringComparison.Ordinal)));
        Assert.DoesNotContain(
            page.QuerySelectorAll("a"),
            link => link.GetAttribute("href") is { } href && !href.StartsWith("https://", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("| a | b |\n|---|---|\n| 1 |", "<td></td>")]
    [InlineData("a | b\n\nno table", "a | b")]
    public void A_table_of_a_sensible_size_is_one(string markdown, string html) =>
        Assert.Contains(html, MarkdownHtml.Render(markdown), StringComparison.Ordinal);

    [Fact]
    public void What_would_grow_beyond_measure_is_shown_as_it_was_typed()
    {
        var table = Repeat("|a", 2_000) + "|\n" + Repeat("|-", 2_000) + "|\n" + Repeat("|a\n", 3_000);
        var links = Repeat("[](x)", 4_000);
        var quotes = new string('>', 8_000) + "deep";
        var brackets = Repeat("[", 8_000);

        foreach (var text in new[] { table, links, quotes, brackets, new string('"', 20_000) })
        {
            var html = MarkdownHtml.Render(text);
            Assert.InRange(html.Length, text.Length, MarkdownHtml.MaxLength);
            Assert.Equal(text.Replace("\n", "", StringComparison.Ordinal), new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html).Body!.TextContent);
        }
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
