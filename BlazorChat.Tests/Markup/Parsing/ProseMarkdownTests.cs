using System.Text.RegularExpressions;
using BlazorChat.Markup;
using BlazorChat.Markup.Parsing;

namespace BlazorChat.Tests.Markup.Parsing;

/// <summary>
/// Case C: a message is prose first. One row for each case and language; docs/markdown.md gives the reasons. Links are written short
/// here: <c>[address]</c>.
/// </summary>
public sealed partial class ProseMarkdownTests
{
    [Theory]
    // Korean
    [InlineData("**마크다운(Markdown)**을", "<strong>마크다운(Markdown)</strong>을")]
    [InlineData("**\"안녕\"**이라고", "<strong>\"안녕\"</strong>이라고")]
    [InlineData("**100%**를", "<strong>100%</strong>를")]
    [InlineData("~~(취소)~~는", "<del>(취소)</del>는")]
    [InlineData("이것은**강조**입니다", "이것은<strong>강조</strong>입니다")]
    [InlineData("*강조*는", "<em>강조</em>는")]
    // Japanese
    [InlineData("これは**「重要」**です", "これは<strong>「重要」</strong>です")]
    [InlineData("**太字。**続き", "<strong>太字。</strong>続き")]
    [InlineData("~~（取消）~~は", "<del>（取消）</del>は")]
    // Chinese
    [InlineData("这是**“重点”**吗", "这是<strong>“重点”</strong>吗")]
    [InlineData("**注意：**请看", "<strong>注意：</strong>请看")]
    // English and German
    [InlineData("a **bold** and *soft* and ~~old~~ word", "a <strong>bold</strong> and <em>soft</em> and <del>old</del> word")]
    [InlineData("(**nein**, _doch_)", "(<strong>nein</strong>, <em>doch</em>)")]
    public void C_Emphasis_is_found_beside_every_script(string markdown, string html) => Assert.Equal($"<p>{html}</p>", Short(markdown));

    [Theory]
    // Where an address begins
    [InlineData("참고:https://example.org/a", "참고:[https://example.org/a]")]
    [InlineData("(참고)https://example.org", "(참고)[https://example.org]")]
    [InlineData("「https://example.org」", "「[https://example.org]」")]
    [InlineData("詳細はhttps://example.org", "詳細は[https://example.org]")]
    [InlineData("请看https://example.org", "请看[https://example.org]")]
    [InlineData("보기www.example.org", "보기[www.example.org]")]
    [InlineData("Https://Example.org", "[Https://Example.org]")]
    [InlineData("xhttps://example.org ähttps://example.org", "xhttps://example.org ähttps://example.org")]
    // Particles after it
    [InlineData("https://example.org/a에서 보세요", "[https://example.org/a]에서 보세요")]
    [InlineData("https://example.org/a를 보세요", "[https://example.org/a]를 보세요")]
    [InlineData("https://example.org/a입니다.", "[https://example.org/a]입니다.")]
    [InlineData("https://example.org/a에서는요?", "[https://example.org/a]에서는요?")]
    [InlineData("https://example.org를 보세요", "[https://example.org]를 보세요")]
    [InlineData("https://example.org에서.", "[https://example.org]에서.")]
    [InlineData("https://example.org/를 보세요", "[https://example.org/]를 보세요")]
    [InlineData("https://example.org/%EA%B0%80를", "[https://example.org/%EA%B0%80]를")]
    [InlineData("(https://example.org/x)를", "([https://example.org/x])를")]
    [InlineData("**https://example.org/x**를", "<strong>[https://example.org/x]</strong>를")]
    [InlineData("https://example.orgを見て", "[https://example.org]を見て")]
    [InlineData("https://example.org/aを見て", "[https://example.org/a]を見て")]
    // Hangul and kana in it
    [InlineData("https://example.org/문서/회의 보기", "[https://example.org/문서/회의] 보기")]
    [InlineData("https://example.org/대한민국에서 보기", "[https://example.org/대한민국]에서 보기")]
    [InlineData("https://example.org/C언어 보기", "[https://example.org/C언어] 보기")]
    [InlineData("https://example.org/C언어에서 보기", "[https://example.org/C언어]에서 보기")]
    [InlineData("https://example.org/3·1_운동 보기", "[https://example.org/3·1_운동] 보기")]
    [InlineData("https://example.org/a?q=한글&b=서울 보기", "[https://example.org/a?q=한글&amp;b=서울] 보기")]
    [InlineData("https://한글.kr/경로 보기", "[https://한글.kr/경로] 보기")]
    [InlineData("https://example.org/ひらがな を", "[https://example.org/ひらがな] を")]
    // Punctuation after it
    [InlineData("https://example.org/x）です", "[https://example.org/x]）です")]
    [InlineData("https://example.org。次", "[https://example.org]。次")]
    [InlineData("https://example.org/a、https://example.org/b", "[https://example.org/a]、[https://example.org/b]")]
    [InlineData("(https://example.org/a_(b)), https://example.org/c.", "([https://example.org/a_(b)]), [https://example.org/c].")]
    [InlineData("“https://example.org/a”", "“[https://example.org/a]”")]
    // What is no address, or no other one
    [InlineData("https:// http://. http://localhost", "https:// http://. http://localhost")]
    [InlineData("[https://example.org/a]", "[[https://example.org/a]]")]
    public void C_An_address_begins_and_ends_where_a_reader_sees_it(string markdown, string html) => Assert.Equal($"<p>{html}</p>", Short(markdown));

    [Theory]
    // Dates and numbers
    [InlineData("2026. 11. 28. 오후 3시 회의")]
    [InlineData("1945. 8. 15.")]
    [InlineData("1. 1. 신정")]
    [InlineData("28. 11. 2026")]
    [InlineData("3. Oktober")]
    [InlineData("+ 82 10")]
    [InlineData("1) 사과<br>2) 배")]
    [InlineData("3~5개, 12:00~13:00")]
    // Sums and code
    [InlineData("5*3*2=30")]
    [InlineData("2**10 + 3**2")]
    [InlineData("x*(y+1)*z, 10*(3)*(2)")]
    [InlineData("/* a */ b /* c */, src/**/*.cs, test/**/*.cs")]
    [InlineData("*.txt and *.md, snake_case_name, 보고서_2026_최종")]
    // Masked and drawn out
    [InlineData("홍*동, 김*수, 010-****-1234, 010-****-5678")]
    [InlineData("네~~ 와~~좋다~~ ~~~안녕~~~")]
    [InlineData("~~~ 좋아<br>다음")]
    [InlineData("이름: ____ 나이: ____")]
    // Paths and faces
    [InlineData(@"\\files\_team\[2026]\-old")]
    [InlineData(@"C:\_new\-old, (D:\_a\*b)")]
    [InlineData(@"..\src\_x, \alpha\_1")]
    [InlineData(@"C:\temp\<br>D:\")]
    [InlineData(@"¯\_(ツ)_/¯")]
    [InlineData("&gt;_&lt;, &gt;.&lt;")]
    [InlineData("&gt;&gt;&gt; print(1)")]
    // Lines
    [InlineData("total<br>-----<br>100")]
    [InlineData("제목<br>=====<br>글")]
    [InlineData("-<br>*<br>#")]
    [InlineData("끝<br>- - -")]
    [InlineData("[공지]: 내일")]
    [InlineData("&amp;lt;b&amp;gt; &amp;copy; R&amp;D")]
    [InlineData("a<br>  b<br>    c")]
    [InlineData("    처음<br>  둘<br>　셋")]
    [InlineData("One.  Two.<br>Three.  Four.")]
    public void C_What_is_prose_stays_as_it_was_typed(string html)
    {
        var typed = System.Net.WebUtility.HtmlDecode(html.Replace("<br>", "\n", StringComparison.Ordinal));

        Assert.Equal($"<p>{html}</p>", MarkdownHtml.RenderMarked(typed));
    }

    [Theory]
    [InlineData(@"\*not soft\*", "<p>*not soft*</p>")]
    [InlineData("a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>")]
    [InlineData("# 제목", "<h3>제목</h3>")]
    [InlineData("##### a", "<h6>a</h6>")]
    [InlineData("> 인용\n> > 둘", "<blockquote>\n<p>인용</p>\n<blockquote>\n<p>둘</p>\n</blockquote>\n</blockquote>")]
    [InlineData("1. 하나\n2. 둘", "<ol>\n<li>하나</li>\n<li>둘</li>\n</ol>")]
    [InlineData("1. a\n1. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>")]
    [InlineData("1. a\n3. b\n4. c", "<ol>\n<li>a</li>\n<li value=\"3\">b</li>\n<li>c</li>\n</ol>")]
    [InlineData("- a\n  - b", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>")]
    [InlineData("```\n  a\n```", "<pre tabindex=\"0\"><code>  a\n</code></pre>")]
    public void C_What_is_meant_as_Markdown_is_Markdown(string markdown, string html) => Assert.Equal(html, MarkdownHtml.Render(markdown));

    [Theory]
    [InlineData("Filesystem     Size  Used\n/dev/sda1       20G   10G")]
    [InlineData("이름\t값\n서울\t1")]
    public void C_Lines_in_columns_keep_them(string markdown) =>
        Assert.Equal($"<p class=\"columns\" tabindex=\"0\">{markdown.ReplaceLineEndings("<br>")}</p>", MarkdownHtml.Render(markdown));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void C_Columns_of_a_table_are_aligned_by_classes(bool withEmbeds)
    {
        var page = Parse(MarkdownHtml.Render("| 이름 | 값 | 몫 |\n|:---|---:|:-:|\n| 가 | 1 | 2 |", withEmbeds));

        Assert.Equal([null, "align-right", "align-center"], page.QuerySelectorAll("th").Select(cell => cell.GetAttribute("class")));
        Assert.Equal([null, "align-right", "align-center"], page.QuerySelectorAll("td").Select(cell => cell.GetAttribute("class")));
        Assert.DoesNotContain("style", page.Body!.InnerHtml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(">")]
    [InlineData("> ")]
    [InlineData(">\n")]
    [InlineData("- ")]
    [InlineData("1. ")]
    [InlineData("[")]
    [InlineData("![")]
    [InlineData("[a](")]
    [InlineData("*a ")]
    [InlineData("**a_")]
    [InlineData("~~a ")]
    [InlineData("`a``b```")]
    [InlineData("<")]
    [InlineData("|a\n")]
    [InlineData("a\n")]
    [InlineData("a\n\n")]
    [InlineData("http://a.b ")]
    [InlineData("www.a!b.")]
    [InlineData("가**나* ")]
    public void C_A_text_of_marks_alone_is_shown_as_it_was_typed_or_nests_little(string marks)
    {
        var text = string.Concat(Enumerable.Repeat(marks, 8_000 / marks.Length));

        var page = Parse(MarkdownHtml.Render(text));

        // What an element costs grows with the number of those around it and beside it.
        Assert.InRange(page.All.Max(element => Depth(element)), 0, MarkdownBounds.MaxNesting * 2);
        Assert.InRange(page.QuerySelectorAll("a, em, strong, del, code, li, td, blockquote").Length, 0, MarkdownBounds.MaxCells);
    }

    [Fact]
    public void C_Texts_within_the_bounds_are_Markdown_and_those_beyond_are_as_typed()
    {
        Assert.True(MarkdownBounds.Holds(Repeat("> ", MarkdownBounds.MaxNesting) + "a"));
        Assert.False(MarkdownBounds.Holds(Repeat("> ", MarkdownBounds.MaxNesting + 1) + "a"));
        Assert.False(MarkdownBounds.Holds(Repeat("> - ", MarkdownBounds.MaxNesting) + "a"));
        Assert.False(MarkdownBounds.Holds(Repeat(" ", 2 * MarkdownBounds.MaxNesting) + "- a"));
        Assert.True(MarkdownBounds.Holds(Repeat("*a ", MarkdownBounds.MaxMarks)));
        Assert.False(MarkdownBounds.Holds(Repeat("*a ", MarkdownBounds.MaxMarks + 1)));
        Assert.False(MarkdownBounds.Holds(Repeat("WWW.a!b.", MarkdownBounds.MaxMarks + 1)));
        Assert.True(MarkdownBounds.Holds(Repeat("*a*\n\n", MarkdownBounds.MaxLines)));
        Assert.False(MarkdownBounds.Holds(Repeat("a\n\n", MarkdownBounds.MaxLines + 1)));
        Assert.True(MarkdownBounds.Holds("----\n" + Repeat("가 나 다 라 마 바 사 ", 500)));
    }

    [Theory]
    [InlineData("<p class=\"columns\">a</p>")]
    [InlineData("[x](https://example.org){.align-right}")]
    [InlineData("```x-evil\na\n```")]
    public void C_Nobody_chooses_a_class(string markdown) => Assert.DoesNotContain("class=", MarkdownHtml.Render(markdown).Replace("&quot;", "", StringComparison.Ordinal)
        .Replace("&lt;p class=\"columns\"&gt;", "", StringComparison.Ordinal), StringComparison.Ordinal);

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static int Depth(AngleSharp.Dom.IElement element)
    {
        var depth = 0;
        for (var parent = element.ParentElement; parent is not null; parent = parent.ParentElement)
            depth++;
        return depth;
    }

    private static AngleSharp.Html.Dom.IHtmlDocument Parse(string html) => new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html);

    private static string Short(string markdown) => Link.Replace(MarkdownHtml.RenderMarked(markdown), "[$1]");

    [GeneratedRegex("<a [^>]*>(.*?)</a>")]
    private static partial Regex Link { get; }
}
