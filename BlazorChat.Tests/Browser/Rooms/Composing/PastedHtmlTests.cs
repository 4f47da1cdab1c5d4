using BlazorChat.Markup;

namespace BlazorChat.Tests.Browser.Rooms.Composing;

/// <summary>Which Markdown copied HTML becomes, and what the renderer makes of that.</summary>
public sealed class PastedHtmlTests(ScriptPage script) : IClassFixture<ScriptPage>
{
    [Theory]
    [InlineData("<p>a <b>bold</b> and <em>soft</em> <s>gone</s> <code>x | y</code></p>", "a **bold** and *soft* ~~gone~~ `x | y`", "<strong>bold</strong> and <em>soft</em> <del>gone</del> <code>x | y</code>")]
    [InlineData("a<b> bold </b>b", "a **bold** b", "<strong>bold</strong>")]
    [InlineData("a <span style=\"font-weight: 700; font-style: italic\">both</span>", "a ***both***", "<em><strong>both</strong></em>")]
    [InlineData("이것은 <b>“중요”</b>한 <i>말</i>이다", "이것은 **“중요”**한 *말*이다", "<strong>“중요”</strong>한 <em>말</em>이다")]
    [InlineData("un<b>believ</b>able <i>news</i>", "unbelievable *news*", "<em>news</em>")]
    [InlineData("와<s>좋다</s> <b>!</b>", "와좋다 **!**", "와좋다 <strong>!</strong>")]
    [InlineData("one <b>two</b><b>three</b>", "one **twothree**", "<strong>twothree</strong>")]
    [InlineData("<b>one<br>two</b> x", "**one\ntwo** x", "<strong>one<br>two</strong>")]
    [InlineData("literal *stars* and <b>bold</b>", @"literal \*stars* and **bold**", "literal *stars* and <strong>bold</strong>")]
    [InlineData("5*3*2, snake_case_name, [a](b) and <b>bold</b>", @"5*3*2, snake_case_name, \[a](b) and **bold**", "5*3*2, snake_case_name, [a](b) and <strong>bold</strong>")]
    [InlineData("see <a href=\"https://example.org/a_b(c)\">the [new] page</a>.", @"see [the \[new\] page](https://example.org/a_b%28c%29).", "href=\"https://example.org/a_b%28c%29\"")]
    [InlineData("<b>see</b> <a href=\"https://example.org/a/\">example.org/a</a>", "**see** https://example.org/a/", "href=\"https://example.org/a/\"")]
    [InlineData("<b>see</b> <a href=\"javascript:alert(1)\">this</a> <a href=\"/rooms\">room</a>", "**see** this room", "</strong> this room")]
    public async Task A_line_has_its_marks(string html, string markdown, string rendered) => await CheckAsync(html, markdown, rendered);

    [Theory]
    [InlineData("<h2>Title <b>one</b></h2><p>Text</p><p>More</p>", "## Title one\n\nText\n\nMore", "<h4>Title one</h4>")]
    [InlineData("<ul><li>one<ul><li>two <b>b</b></li></ul></li><li><p>three</p></li></ul>", "- one\n  - two **b**\n- three", "<li>two <strong>b</strong></li>")]
    [InlineData("<ol start=\"0\"><li>zero</li><li>one</li></ol>", "0. zero\n1. one", "<ol start=\"0\">")]
    [InlineData("<ul><li>one</li><ul><li>inner</li></ul><li>two</li></ul>", "- one\n  - inner\n- two", "<li>inner</li>")]
    [InlineData("<ul><li><input type=\"checkbox\" checked> done</li><li><input type=\"checkbox\"> open</li></ul>", "- [x] done\n- [ ] open", null)]
    [InlineData("<blockquote><p>one</p><p>two</p></blockquote><p>after</p>", "> one\n>\n> two\n\nafter", "<blockquote>")]
    [InlineData("<p>run</p><pre><code class=\"language-sql\">select *\n  from a\n</code></pre>", "run\n\n```sql\nselect *\n  from a\n```", "<pre")]
    [InlineData("<div>one</div><div><br></div><div><b>two</b></div><div>three</div>", "one\n\n**two**\nthree", "<p>one</p>")]
    [InlineData("<p><b>a</b></p><hr><p># no heading</p>", "**a**\n\n---\n\n\\# no heading", "<p># no heading</p>")]
    [InlineData("<b style=\"font-weight:normal\" id=\"docs-internal-guid-1\"><p><span style=\"font-weight:400\">plain </span><span style=\"font-weight:700\">bold</span></p><p><span>next</span></p></b>", "plain **bold**\n\nnext", "<strong>bold</strong>")]
    [InlineData("<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span>one</p><p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o<span>&nbsp; </span></span>two</p>", "- one\n  - two", "<li>two</li>")]
    [InlineData("<strong><p>one</p><p>two</p></strong>", "**one**\n\n**two**", "<strong>two</strong>")]
    public async Task Blocks_are_apart(string html, string markdown, string? rendered) => await CheckAsync(html, markdown, rendered);

    [Theory]
    // Google Sheets, with a merged cell.
    [InlineData(
        "<google-sheets-html-origin><style>td {border: 1px solid #ccc}</style><table data-sheets-root=\"1\"><colgroup><col><col></colgroup><tbody><tr><td style=\"font-weight:bold\">Name</td><td style=\"text-align:right\">Count</td></tr><tr><td>a|b</td><td style=\"text-align:right\">1</td></tr><tr><td colspan=\"2\" rowspan=\"1\">all<br>of it</td></tr></tbody></table></google-sheets-html-origin>",
        "| Name | Count |\n|---|--:|\n| a\\|b | 1 |\n| all of it |  |",
        "<td>a|b</td>")]
    // Excel.
    [InlineData(
        "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><head><style>.xl65 {mso-number-format:General}</style></head><body><!--StartFragment--><table><col width=64><tr height=20><td class=xl65>품목</td><td class=xl65>값</td></tr><tr height=20><td rowspan=2>사과</td><td align=right x:num>1,200</td></tr><tr height=20><td align=right>*3*</td></tr><tr style='display:none'><td>filtered</td><td>9</td></tr></table><!--EndFragment--></body></html>",
        "| 품목 | 값 |\n|---|--:|\n| 사과 | 1,200 |\n|  | \\*3* |",
        "<td class=\"align-right\">*3*</td>")]
    // LibreOffice.
    [InlineData(
        "<table cellspacing=\"0\" border=\"0\"><colgroup width=\"85\"></colgroup><tr><td height=\"17\" align=\"left\"><b>a</b></td><td align=\"left\"><b><font color=\"#000000\">b</font></b></td></tr><tr><td height=\"17\" align=\"right\" sdval=\"1\" sdnum=\"1033;\">1</td><td align=\"left\"><b>x</b></td></tr><tr><td><br></td><td><br></td></tr></table>",
        "| a | b |\n|--:|---|\n| 1 | **x** |",
        "<strong>x</strong>")]
    [InlineData("<p>Before</p><table><tr><th>a<th>b<tr><td><a href=\"https://example.org\">link</a><td><code>x|y</code></table>", "Before\n\n| a | b |\n|---|---|\n| [link](https://example.org) | `x|y` |", "<code>x|y</code>")]
    public async Task Tables_are_tables(string html, string markdown, string rendered) => await CheckAsync(html, markdown, rendered);

    [Theory]
    [InlineData("<meta charset='utf-8'><span style=\"color: red; font-weight: 400; text-decoration-style: initial\">plain</span>")]
    [InlineData("<div>one</div><div>two</div>")]
    [InlineData("<h1>Only a title</h1>")]
    [InlineData("<span style=\"font-weight: 700\">Only a bold word</span>")]
    [InlineData("<ul><li>Only one item</li></ul>")]
    [InlineData("<p><a href=\"https://example.org/a\">https://example.org/a</a></p>")]
    [InlineData("<pre style=\"font-family:'JetBrains Mono',monospace\"><span style=\"font-weight:bold\">if</span> (a)</pre>")]
    [InlineData("<meta charset='utf-8'><div style=\"font-family: Consolas, 'Courier New', monospace;white-space: pre;\"><div><span style=\"font-weight: bold\">if</span> (a)</div></div>")]
    [InlineData("<table><tr><td>1</td><td>2</td></tr></table>")]
    [InlineData("<table><tr><td><b>only</b></td></tr></table>")]
    public async Task What_is_plain_stays_plain(string html) => Assert.Null(await script.CallAsync("js/composing/html-markdown.js", "toMarkdown", html, "text"));

    [Fact]
    public async Task A_titled_address_of_a_browser_is_the_address() =>
        Assert.Null(await script.CallAsync("js/composing/html-markdown.js", "toMarkdown", "<a href=\"https://example.org/a\">Title</a>", "https://example.org/a"));

    [Fact]
    public async Task Mail_in_a_table_is_paragraphs() => await CheckAsync(
        "<table><tr><td><table><tr><td><h1>News</h1></td></tr></table></td></tr><tr><td><p>Hello <b>Ada</b></p></td><td>side</td></tr></table>", "# News\n\nHello **Ada**\n\nside", "<h3>News</h3>");

    [Fact]
    public async Task What_is_hidden_or_runs_is_not_read() => await CheckAsync(
        "<p><b>a</b><script>x()</script><style>b{}</style><span hidden>c</span><img src=x onerror=alert(1) alt=\"d\"><img src=y alt=\"🎉\"> e</p>", "**a**🎉 e", "<strong>a</strong>🎉 e");

    [Theory]
    [InlineData(2, 2_000, false)]
    [InlineData(30, 40, false)]
    [InlineData(5, 60, true)]
    public async Task A_table_that_the_server_would_not_render_is_not_made(int columns, int rows, bool isMade)
    {
        var cells = string.Concat(Enumerable.Range(0, columns).Select(_ => "<td>1</td>"));
        var table = await script.CallAsync("js/composing/html-markdown.js", "toMarkdown", $"<table>{string.Concat(Enumerable.Repeat($"<tr>{cells}</tr>", rows))}</table>", "1");
        var isShown = table is not null && (await script.CallAsync("js/composing/html-markdown.js", "isShown", table.Value.GetString()))!.Value.GetBoolean();

        Assert.Equal(isMade, isShown);
        if (table is not null)
            Assert.Equal(isMade, MarkdownHtml.Render(table.Value.GetString()!).Contains("<table", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deep_and_wide_html_ends()
    {
        var deep = $"{string.Concat(Enumerable.Repeat("<ul><li>", 400))}x<li>y{string.Concat(Enumerable.Repeat("<b>", 400))}";
        var spans = $"<table>{string.Concat(Enumerable.Repeat("<tr><td colspan=1000 rowspan=60000>x", 1_000))}</table>";

        Assert.NotNull(await script.CallAsync("js/composing/html-markdown.js", "toMarkdown", deep, "x"));
        Assert.Null(await script.CallAsync("js/composing/html-markdown.js", "toMarkdown", spans, "x"));
    }

    private async Task CheckAsync(string html, string markdown, string? rendered)
    {
        var read = await script.CallAsync("js/composing/html-markdown.js", "toMarkdown", html, "text");

        Assert.Equal(markdown, read?.GetString());
        if (rendered is not null)
            Assert.Contains(rendered, MarkdownHtml.Render(markdown), StringComparison.Ordinal);
    }
}
