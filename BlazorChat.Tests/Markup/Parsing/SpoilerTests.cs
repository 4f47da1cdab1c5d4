using BlazorChat.Markup;

namespace BlazorChat.Tests.Markup.Parsing;

public sealed class SpoilerTests
{
    private const string Begin = "<i class=\"spoiler\" tabindex=\"0\">";

    [Theory]
    [InlineData("||hidden||", Begin + "hidden</i>")]
    [InlineData("It is ||the **butler**||!", "It is " + Begin + "the <strong>butler</strong></i>!")]
    [InlineData("범인은||집사||였다", "범인은" + Begin + "집사</i>였다")]
    [InlineData("犯人は||執事||です", "犯人は" + Begin + "執事</i>です")]
    [InlineData("||a|| and ||b||", Begin + "a</i> and " + Begin + "b</i>")]
    [InlineData("(||a||)", "(" + Begin + "a</i>)")]
    public void Text_between_bars_is_hidden(string markdown, string html) => Assert.Equal($"<p>{html}</p>", MarkdownHtml.Render(markdown));

    [Theory]
    [InlineData("a || b || c")]
    [InlineData("a||b||c")]
    [InlineData("||open")]
    [InlineData("closed||")]
    [InlineData("|| a ||")]
    [InlineData("|||a|||")]
    [InlineData("**||a** b||")]
    public void Other_bars_are_shown_as_they_were_typed(string markdown) =>
        Assert.Equal(markdown.Replace("**", "", StringComparison.Ordinal), HtmlText.Read(MarkdownHtml.Render(markdown), 100));

    [Fact]
    public void A_table_keeps_its_empty_cells() =>
        Assert.Contains("<td></td>", MarkdownHtml.Render("|a|b|c|\n|-|-|-|\n|1||3|"), StringComparison.Ordinal);

    [Fact]
    public void Previews_do_not_reveal_it() =>
        Assert.Equal("It is ▒▒▒, or ▒▒▒.", HtmlText.Read(MarkdownHtml.RenderWithMentions("It is ||**@ada** there||, or ||x||."), 100));

    [Theory]
    [InlineData("- [ ] buy milk", "<ul>\n<li class=\"task\">☐ buy milk</li>\n</ul>")]
    [InlineData("- [x] done\n- plain", "<ul>\n<li class=\"task\">☑ done</li>\n<li>plain</li>\n</ul>")]
    [InlineData("1. [X] 끝", "<ol>\n<li class=\"task\">☑ 끝</li>\n</ol>")]
    [InlineData("[ ] no list", "<p>[ ] no list</p>")]
    public void Tasks_are_boxes_that_cannot_be_checked(string markdown, string html) => Assert.Equal(html, MarkdownHtml.Render(markdown));
}
