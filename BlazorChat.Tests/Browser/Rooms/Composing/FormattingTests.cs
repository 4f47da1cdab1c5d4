using BlazorChat.Markup;

namespace BlazorChat.Tests.Browser.Rooms.Composing;

/// <summary>What the formatting keys do to a text. A selection is between ‹ and ›; where it is empty, ‹› is the caret.</summary>
public sealed class FormattingTests(ScriptPage script) : IClassFixture<ScriptPage>
{
    [Theory]
    [InlineData("bold", "a ‹word› b", "a **‹word›** b", "<strong>word</strong>")]
    [InlineData("bold", "a **‹word›** b", "a ‹word› b", null)]
    [InlineData("bold", "a ‹**word**› b", "a ‹word› b", null)]
    [InlineData("bold", "a‹ two words  ›b", "a **‹two words›**  b", "<strong>two words</strong>")]
    [InlineData("bold", "a *‹word›*", "a ***‹word›***", "<em><strong>word</strong></em>")]
    [InlineData("bold", "a ***‹word›***", "a *‹word›*", "<em>word</em>")]
    [InlineData("italic", "a ***‹word›***", "a **‹word›**", "<strong>word</strong>")]
    [InlineData("italic", "a **‹word›**", "a ***‹word›***", "<em><strong>word</strong></em>")]
    [InlineData("bold", "‹one **two** three›", "**‹one two three›**", "<strong>one two three</strong>")]
    [InlineData("bold", "‹2**10 and 3**2›", "**‹2**10 and 3**2›**", "<strong>2**10 and 3**2</strong>")]
    [InlineData("italic", "‹5*3*2›", "*‹5*3*2›*", "<em>5*3*2</em>")]
    [InlineData("strike", "a ‹word›.", "a ~~‹word›~~.", "<del>word</del>")]
    [InlineData("strike", "a ~~‹word›~~.", "a ‹word›.", null)]
    public async Task A_mark_is_put_around_a_selection_and_removed_again(string kind, string before, string after, string? html) =>
        await CheckAsync(kind, before, after, html);

    [Theory]
    [InlineData("bold", "이것은 ‹마크다운›을", "이것은 **‹마크다운›**을", "<strong>마크다운</strong>을")]
    [InlineData("bold", "이것은 ‹마크다운(Markdown)›을", "이것은 **‹마크다운(Markdown)›**을", "<strong>마크다운(Markdown)</strong>을")]
    [InlineData("bold", "‹“안녕”›이라고", "**‹“안녕”›**이라고", "<strong>“안녕”</strong>이라고")]
    [InlineData("bold", "마크‹다운›을", "마크**‹다운›**을", "마크<strong>다운</strong>을")]
    [InlineData("bold", "これは‹「重要」›です", "これは**‹「重要」›**です", "<strong>「重要」</strong>")]
    [InlineData("strike", "좋다 ‹싫다›는", "좋다 ~~‹싫다›~~는", "<del>싫다</del>는")]
    [InlineData("strike", "와‹좋다›고", "와 ~~‹좋다›~~고", "와 <del>좋다</del>고")]
    [InlineData("italic", "これは‹重要›です", "これは *‹重要›*です", "<em>重要</em>です")]
    [InlineData("italic", "(가)‹나›", "(가) *‹나›*", "<em>나</em>")]
    [InlineData("bold", "un‹believ›able news", "**‹unbelievable›** news", "<strong>unbelievable</strong>")]
    [InlineData("italic", "the ‹C›SS한글", "the *‹CSS›*한글", "<em>CSS</em>한글")]
    [InlineData("bold", "grüß‹e›n", "**‹grüßen›**", "<strong>grüßen</strong>")]
    public async Task A_mark_is_put_where_it_applies_in_each_script(string kind, string before, string after, string html) =>
        await CheckAsync(kind, before, after, html);

    [Theory]
    [InlineData("bold", "‹›", "**‹›**")]
    [InlineData("bold", "**‹›**", "‹›")]
    [InlineData("italic", "**‹›**", "***‹›***")]
    [InlineData("bold", "so **much‹›** here", "so **much**‹› here")]
    [InlineData("code", "so `much‹›` here", "so `much`‹› here")]
    [InlineData("bold", "a wo‹›rd", "a **wo‹›rd**")]
    [InlineData("bold", "a **wo‹›rd**", "a wo‹›rd")]
    [InlineData("bold", "안녕‹›", "안녕**‹›**")]
    [InlineData("strike", "안녕‹›", "안녕 ~~‹›~~")]
    [InlineData("bold", "**one**‹›", "**one** **‹›**")]
    [InlineData("italic", "👍‹›", "👍*‹›*")]
    public async Task Without_a_selection_the_caret_is_between_the_marks_or_the_word_is_marked(string kind, string before, string after) =>
        await CheckAsync(kind, before, after, null);

    [Theory]
    [InlineData("bold", "‹- one\n- two\n\n> three›", "- **‹one**\n- **two**\n\n> **three›**")]
    [InlineData("bold", "- ‹**one**\n- **two**›", "- ‹one\n- two›")]
    [InlineData("code", "‹one\ntwo›", "```\n‹one\ntwo›\n```")]
    [InlineData("quote", "on‹›e\ntwo", "> on‹›e\n\ntwo")]
    [InlineData("quote", "‹one\n\ntwo›", "‹> one\n>\n> two›")]
    [InlineData("quote", "‹> one\n>\n> two›", "‹one\n\ntwo›")]
    [InlineData("quote", "‹›", "> ‹›")]
    [InlineData("block", "if (a)\n‹    return;\n›done", "if (a)\n```\n‹    return;›\n```\ndone")]
    [InlineData("block", "see ‹a = 1› here", "see \n```\n‹a = 1›\n```\n here")]
    [InlineData("block", "```\none‹›\ntwo\n```", "one‹›\ntwo")]
    [InlineData("block", "```sql\n‹select 1›\n```", "‹select 1›")]
    [InlineData("block", "‹a ``` b›", "````\n‹a ``` b›\n````")]
    [InlineData("block", "‹›", "```\n‹›\n```")]
    public async Task Several_lines_are_marked_each_and_blocks_are_whole_lines(string kind, string before, string after) =>
        await CheckAsync(kind, before, after, null);

    [Theory]
    [InlineData("code", "run ‹a`b› now", "run ``‹a`b›`` now", "<code>a`b</code>")]
    [InlineData("code", "run ‹`a› now", "run `` ‹`a› `` now", "<code>`a</code>")]
    [InlineData("code", "run `‹a›` now", "run ‹a› now", null)]
    [InlineData("link", "see ‹the page› now", "see [the page](‹https://›) now", null)]
    [InlineData("link", "see ‹https://example.org/a› now", "see [‹›](https://example.org/a) now", null)]
    [InlineData("link", "see [‹the page›](https://example.org) now", "see ‹the page› now", null)]
    [InlineData("link", "see ‹[the page](https://example.org)› now", "see ‹the page› now", null)]
    [InlineData("link", "‹›", "[‹›](https://)", null)]
    [InlineData("link", "‹a [b] c›", @"[a \[b\] c](‹https://›)", null)]
    public async Task Code_and_links_take_what_their_text_has(string kind, string before, string after, string? html) =>
        await CheckAsync(kind, before, after, html);

    [Fact]
    public async Task Blanks_alone_are_not_marked() => Assert.Null(await script.CallAsync("js/composing/formatting.js", "format", "bold", "a   b", 1, 4));

    private async Task CheckAsync(string kind, string before, string after, string? html)
    {
        var (text, from, to) = Parse(before);
        var change = (await script.CallAsync("js/composing/formatting.js", "format", kind, text, from, to))!.Value;

        var (start, end) = (change.GetProperty("start").GetInt32(), change.GetProperty("end").GetInt32());
        var changed = $"{text[..start]}{change.GetProperty("text").GetString()}{text[end..]}";
        var (selected, until) = (change.GetProperty("from").GetInt32(), change.GetProperty("to").GetInt32());
        Assert.Equal(after, $"{changed[..selected]}‹{changed[selected..until]}›{changed[until..]}");
        if (html is not null)
            Assert.Contains(html, MarkdownHtml.Render(changed), StringComparison.Ordinal);
    }

    private static (string Text, int From, int To) Parse(string marked)
    {
        var (from, to) = (marked.IndexOf('‹', StringComparison.Ordinal), marked.IndexOf('›', StringComparison.Ordinal));
        return (marked.Replace("‹", "", StringComparison.Ordinal).Replace("›", "", StringComparison.Ordinal), from, to - 1);
    }
}
