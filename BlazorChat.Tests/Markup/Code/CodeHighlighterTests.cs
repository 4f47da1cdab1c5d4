using AngleSharp.Html.Parser;
using BlazorChat.Markup;
using BlazorChat.Markup.Code;

namespace BlazorChat.Tests.Markup.Code;

public sealed class CodeHighlighterTests
{
    [Theory]
    [InlineData("csharp", "var s = \"a<b\"; // 한국어", "<span class=\"code-keyword\">var</span> s = <span class=\"code-string\">&quot;a&lt;b&quot;</span>; <span class=\"code-comment\">// 한국어</span>")]
    [InlineData("C#", "return 1;", "<span class=\"code-keyword\">return</span> <span class=\"code-number\">1</span>;")]
    [InlineData("json", "{ \"a\": 1 }", "{ <span class=\"code-name\">&quot;a&quot;</span>: <span class=\"code-number\">1</span> }")]
    [InlineData("go", "func main() { x := `raw` }", "<span class=\"code-keyword\">func</span> main() { x := <span class=\"code-string\">`raw`</span> }")]
    [InlineData("sh", "cd /tmp # go there", "<span class=\"code-keyword\">cd</span> /tmp <span class=\"code-comment\"># go there</span>")]
    [InlineData("yaml", "name: 'x' # note\nport: 80", "<span class=\"code-name\">name</span>: <span class=\"code-string\">&#39;x&#39;</span> <span class=\"code-comment\"># note</span>\n<span class=\"code-name\">port</span>: <span class=\"code-number\">80</span>")]
    [InlineData("toml", "[a]\nb = true", "<span class=\"code-type\">[a]</span>\n<span class=\"code-name\">b</span> = <span class=\"code-keyword\">true</span>")]
    [InlineData("diff", "+new\n-old\n same", "<span class=\"code-inserted\">+new</span>\n<span class=\"code-deleted\">-old</span>\n same")]
    public void Parts_of_code_have_classes(string language, string code, string html) =>
        Assert.Equal(html, CodeHighlighter.Default.Highlight(code, language)?.ReplaceLineEndings("\n"));

    [Theory]
    [InlineData("js")]
    [InlineData("tsx")]
    [InlineData("python")]
    [InlineData("java")]
    [InlineData("rust")]
    [InlineData("kotlin")]
    [InlineData("swift")]
    [InlineData("ruby")]
    [InlineData("php")]
    [InlineData("sql")]
    [InlineData("cpp")]
    [InlineData("powershell")]
    public void Code_stays_as_it_was_typed(string language)
    {
        const string code = "if (a < b && c > \"d\") { return 'e'; }\n\tfor x in y: # 12 🎉 가나다\n-- select * from t;\n// end";

        var html = MarkdownHtml.Render($"```{language}\n{code}\n```");

        var page = new HtmlParser().ParseDocument(html);
        Assert.Equal(code + "\n", page.QuerySelector("pre > code")!.TextContent);
        Assert.NotEmpty(page.QuerySelectorAll("pre > code > span[class^=code-]"));
    }

    [Theory]
    [InlineData("```\nvar x = 1;\n```")]
    [InlineData("```unknown\nvar x = 1;\n```")]
    [InlineData("```text\nvar x = 1;\n```")]
    public void Code_of_an_unknown_language_is_shown_without(string markdown) =>
        Assert.Equal("<pre tabindex=\"0\"><code>var x = 1;\n</code></pre>", MarkdownHtml.Render(markdown));

    [Fact]
    public void Code_is_highlighted_in_lists_and_beside_text() => Assert.Equal(
        "<p>one</p>\n<pre tabindex=\"0\"><code><span class=\"code-keyword\">let</span> a\n</code></pre>\n<blockquote>\n<pre tabindex=\"0\"><code><span class=\"code-keyword\">let</span> b\n</code></pre>\n</blockquote>",
        MarkdownHtml.Render("one\n\n```js\nlet a\n```\n\n> ```js\n> let b\n> ```"));

    [Fact]
    public void Code_that_is_highlighted_slowly_is_shown_without()
    {
        var highlighter = new CodeHighlighter(TimeSpan.FromTicks(1));

        Assert.Null(highlighter.Highlight(string.Concat(Enumerable.Repeat("var text = \"a\"; // b\n", 400)), "csharp"));
        Assert.NotNull(CodeHighlighter.Default.Highlight("var text = 1;", "csharp"));
    }

    [Fact]
    public void Code_with_very_many_parts_is_shown_without()
    {
        var most = string.Concat(Enumerable.Repeat("1 ", CodeHighlighter.MaxParts));

        Assert.NotNull(CodeHighlighter.Default.Highlight(most, "go"));
        Assert.Null(CodeHighlighter.Default.Highlight(most + "1", "go"));
        Assert.Null(CodeHighlighter.Default.Highlight("1" + new string(' ', CodeHighlighter.MaxLength), "go"));
    }

    [Fact]
    public void A_class_cannot_be_written_into_code() =>
        Assert.DoesNotContain("onclick", MarkdownHtml.Render("```x\"onclick=\"y\nvar\n```"), StringComparison.Ordinal);
}
