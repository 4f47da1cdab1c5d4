using BlazorChat.Markup;

namespace BlazorChat.Tests.Markup.Parsing;

/// <summary>Short names of emoji in the messages of rooms, as docs/markdown.md describes them.</summary>
public sealed class EmojiParserTests
{
    [Theory]
    [InlineData(":tada:", "🎉")]
    [InlineData("Shipped :tada::+1:", "Shipped 🎉👍")]
    [InlineData("축하해요:tada:", "축하해요🎉")]
    [InlineData("(:tada:)", "(🎉)")]
    [InlineData("**:tada:** :party_popper:.", "<strong>🎉</strong> 🎉.")]
    [InlineData(":flag_south_korea: wins", "🇰🇷 wins")]
    public void A_short_name_is_replaced(string markdown, string html) => Assert.Equal($"<p>{html}</p>", MarkdownHtml.RenderWithMentions(markdown));

    [Theory]
    [InlineData("10:30:45")]
    [InlineData("a:tada:")]
    [InlineData(":tada:b")]
    [InlineData("std::string::size")]
    [InlineData(":no_such_emoji:")]
    [InlineData(":tada")]
    [InlineData(": tada:")]
    [InlineData(":")]
    [InlineData("::")]
    [InlineData(":TADA:")]
    public void Other_text_stays(string markdown) => Assert.Equal($"<p>{markdown}</p>", MarkdownHtml.RenderWithMentions(markdown));

    [Fact]
    public void Code_addresses_escaped_marks_and_posts_keep_it()
    {
        Assert.Equal("<p><code>:tada:</code></p>", MarkdownHtml.RenderWithMentions("`:tada:`"));
        Assert.Equal("<p>:tada:</p>", MarkdownHtml.RenderWithMentions("\\:tada:"));
        // Browsers replace names of custom emoji in the HTML.
        Assert.Equal("<p>:<wbr>ship-it: :ship-it:</p>", MarkdownHtml.RenderWithMentions("\\:ship-it: :ship-it:"));
        Assert.Equal("<p>10:x, C:\\:ship-it:</p>", MarkdownHtml.RenderWithMentions("10\\:x, C:\\:ship-it:"));
        Assert.Equal("<p>:ship-it:</p>", MarkdownHtml.Render("\\:ship-it:"));
        Assert.Equal(":ship-it:", HtmlText.Read(MarkdownHtml.RenderWithMentions("\\:ship-it:"), 100));
        Assert.Contains("href=\"https://example.org/:tada:/x\"", MarkdownHtml.RenderWithMentions("https://example.org/:tada:/x"), StringComparison.Ordinal);
        Assert.Equal("<p>:tada:</p>", MarkdownHtml.Render(":tada:"));
    }
}
