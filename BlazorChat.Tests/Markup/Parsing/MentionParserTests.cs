using System.Text.RegularExpressions;
using BlazorChat.Markup;
using CsCheck;

namespace BlazorChat.Tests.Markup.Parsing;

/// <summary>Where a mention begins and ends in a text. Marked texts are written short here: <c>{@name}</c>.</summary>
public sealed partial class MentionParserTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Char["a@민.-_ ,(/"].Array[0, 16].Select(text => new string(text)),
        Gen.Select(Gen.OneOf("@ada", "@민수", "@a.b", "hi", "b@c.de", "@@", "@", "(@ada)", "@ada@b"), Gen.Char["@a1 .,한"].Array[0, 8], (start, rest) => $"{start}{new string(rest)}"));

    [Theory]
    [InlineData("@minsu", "{@minsu}")]
    [InlineData("hi @minsu, and @zoe!", "hi {@minsu}, and {@zoe}!")]
    [InlineData("@minsu님", "{@minsu님}")]
    [InlineData("@민수, @지수.", "{@민수}, {@지수}.")]
    [InlineData("(@minsu)", "({@minsu})")]
    [InlineData("「@田中」さん", "「{@田中}」さん")]
    [InlineData("안녕@minsu", "안녕{@minsu}")]
    [InlineData("你好@王明，请看", "你好{@王明}，请看")]
    [InlineData("참고:@minsu", "참고:{@minsu}")]
    [InlineData("@jean-luc_2.b", "{@jean-luc_2.b}")]
    [InlineData("@minsu... well", "{@minsu}... well")]
    [InlineData("@minsu's", "{@minsu}'s")]
    [InlineData("@ada/@zoe", "{@ada}/{@zoe}")]
    [InlineData("**@minsu** and _@zoe_", "<strong>{@minsu}</strong> and <em>{@zoe}</em>")]
    [InlineData("@Minsu @ROOM", "{@Minsu} {@ROOM}")]
    [InlineData("see #release-planning.", "see {#release-planning}.")]
    [InlineData("#일반에서", "{#일반에서}")]
    // No names
    [InlineData("@ nobody, @1, @!", "@ nobody, @1, @!")]
    [InlineData("issue #42, # 3", "issue #42, # 3")]
    [InlineData("C# and F#x", "C# and F#x")]
    // Email addresses and those of other servers
    [InlineData("mail ada@example.org", "mail ada@example.org")]
    [InlineData("ada_@b, ada+@b", "ada_@b, ada+@b")]
    [InlineData("@ada@example.org", "@ada@example.org")]
    [InlineData("@@ada", "@@ada")]
    [InlineData("node_modules/@types", "node_modules/@types")]
    [InlineData(@"\@ada", "@ada")]
    // Code and links
    [InlineData("`@ada` and ``#b @c``", "<code>@ada</code> and <code>#b @c</code>")]
    [InlineData("[@ada](https://example.org)", "<a>@ada</a>")]
    [InlineData("[**@ada**](https://example.org)", "<a><strong>@ada</strong></a>")]
    [InlineData("https://example.org/@ada#top", "<a>https://example.org/@ada#top</a>")]
    [InlineData("<https://example.org/@ada>", "<a>https://example.org/@ada</a>")]
    [InlineData("[@ada]", "[{@ada}]")]
    public void Mentions_are_found_beside_every_script(string markdown, string html) => Assert.Equal($"<p>{html}</p>", Short(markdown));

    [Fact]
    public void A_block_of_code_has_no_mentions() =>
        Assert.DoesNotContain("mention", MarkdownHtml.RenderWithMentions("```\n@ada #room\n```"), StringComparison.Ordinal);

    [Fact]
    public void A_heading_a_list_and_a_table_have_mentions() => Assert.Equal(
        3, Mark().Count(MarkdownHtml.RenderWithMentions("# for @ada\n\n- @zoe\n\n| a | b |\n|---|---|\n| @kim | x |")));

    [Fact]
    public void Posts_of_liveblogs_have_no_mentions() => Assert.Equal("<p>hi @ada</p>", MarkdownHtml.Render("hi @ada"));

    [Fact]
    public void Nobody_can_write_a_mark() => Assert.Equal(
        "<p>&lt;span class=\"mention\" data-person=\"1\"&gt;{@ada}&lt;/span&gt;</p>", Short("<span class=\"mention\" data-person=\"1\">@ada</span>"));

    [Fact]
    public void A_decomposed_name_is_composed() =>
        Assert.Equal("<p>{@민수}</p>", Short("@\u1106\u1175\u11AB\u1109\u116E"));

    [Fact]
    public void Plain_text_with_mentions_is_rendered_as_Markdown_renders_it() => Text.Sample(
        text => Assert.Equal(MarkdownHtml.RenderMarked(text, withMentions: true), MarkdownHtml.RenderWithMentions(text)), iter: 20_000);

    [Fact]
    public void Thousands_of_mentions_are_rendered_in_time()
    {
        var text = string.Concat(Enumerable.Repeat("@a ", 2_600));

        Assert.Equal(2_600, MarkdownHtml.RenderWithMentions(text).Count(character => character == '@'));
    }

    private static string Short(string markdown) =>
        Link().Replace(Mark().Replace(MarkdownHtml.RenderWithMentions(markdown), "{$1}"), "<a>");

    [GeneratedRegex("<span class=\"mention\">([^<]*)</span>")]
    private static partial Regex Mark();

    [GeneratedRegex("<a [^>]*>")]
    private static partial Regex Link();
}
