using System.Text;
using BlazorChat.Common.Search;

namespace BlazorChat.Tests.Common.Search;

/// <summary>The terms by which texts are found.</summary>
public sealed class SearchTextTests
{
    [Theory]
    [InlineData("서울에서 만나요", "서울 울에 에서 서 만나 나요 요")]
    [InlineData("東京タワーへ行く", "東京 京タ タワ ワー ーへ へ行 行く く")]
    [InlineData("가", "가")]
    [InlineData("ガ が ｶﾞ", "ガ が ガ")]
    [InlineData("한글English漢字", "한글 글 english 漢字 字")]
    [InlineData("Crème BRÛLÉE, straße", "creme brulee strasse")]
    [InlineData("getUserName", "get user name")]
    [InlineData("HTTPServer parse_json_v2", "http server parse json v2")]
    [InlineData("a.b(c) x-1 3.14", "a b c x 1 3 14")]
    [InlineData("👍🏽 done 👨‍👩‍👧 ❤️", "👍 done 👨‍👩‍👧 ❤")]
    [InlineData("ไทย", "ไท ทย ย")]
    [InlineData("مُحَمَّد", "محمد")]
    [InlineData("?! …", "")]
    public void A_text_is_cut_into_terms(string text, string terms) =>
        Assert.Equal(terms, string.Join(' ', SearchText.Of(text).Tokens.Select(token => token.Term)));

    [Theory]
    [InlineData("서울에서")]
    [InlineData("Crème brûlée")]
    [InlineData("がぎぐ")]
    public void Decomposed_text_has_the_same_terms_at_its_own_positions(string text)
    {
        var decomposed = text.Normalize(NormalizationForm.FormD);
        var tokens = SearchText.Of(decomposed).Tokens;

        Assert.NotEqual(text, decomposed);
        Assert.Equal(SearchText.Of(text).Tokens.Select(token => token.Term), tokens.Select(token => token.Term));
        Assert.Equal(decomposed.Length, tokens[^1].End);
        Assert.Equal(text.Split(' ')[0].Normalize(NormalizationForm.FormD)[..tokens[0].End], decomposed[..tokens[0].End]);
    }

    [Fact]
    public void An_identifier_is_also_found_as_a_whole() => Assert.Equal(
        ["getusername", "user_id", "iphone"], SearchText.Of("getUserName(user_id) on iPhone _x_ Word").Identifiers.Select(token => token.Term));

    [Fact]
    public void A_long_word_is_cut_between_characters()
    {
        var term = Assert.Single(SearchText.Of(new string('x', 63) + "𝔲𝔲" + "y").Tokens).Term;

        Assert.Equal(new string('x', 63) + "u", term);
    }

    [Theory]
    [InlineData("서울", "내일 서울에서 봐요", "서울")]
    [InlineData("서", "서울에서", "서울|서")]
    [InlineData("에서", "서울에서", "에서")]
    [InlineData("hel", "Hello, HELP!", "Hello|HELP")]
    [InlineData("getUser", "call getUserName()", "getUser|getUserName")]
    [InlineData("getusern", "call getUserName()", "getUserName")]
    [InlineData("brulee", "Crème brûlée", "brûlée")]
    public void A_word_is_found_where_it_is(string word, string text, string found)
    {
        var matches = SearchUnit.Of(word, isPhrase: false)!.FindIn(SearchText.Of(text));

        Assert.Equal(found.Split('|').Order(), matches.Select(match => text[match.Start..match.End]).Distinct().Order());
    }

    [Theory]
    [InlineData("we land", "Tomorrow we land.", true)]
    [InlineData("we land", "Tomorrow we landed.", false)]
    [InlineData("we land", "We will land.", false)]
    [InlineData("서울에서 만나", "서울에서 만나요", true)]
    [InlineData("서울에서 만나", "서울에서 또 만나요", false)]
    public void A_phrase_is_found_as_it_is(string phrase, string text, bool isFound) =>
        Assert.Equal(isFound, SearchUnit.Of(phrase, isPhrase: true)!.FindIn(SearchText.Of(text)).Any());

    [Fact]
    public void A_snippet_surrounds_the_first_match()
    {
        var text = $"{string.Concat(Enumerable.Repeat("word ", 100))}target {string.Concat(Enumerable.Repeat("more ", 100))}";
        var at = text.IndexOf("target", StringComparison.Ordinal);

        var parts = SearchSnippet.Of(text, [(at, at + 6), (at, at + 3)], 100);

        Assert.Equal(["target"], parts.Where(part => part.IsMatch).Select(part => part.Text));
        Assert.InRange(string.Concat(parts.Select(part => part.Text)).Length, 60, 102);
        Assert.StartsWith("word", parts[1].Text, StringComparison.Ordinal);
        Assert.Equal([new SnippetPart("👨‍👩‍👧 short", false)], SearchSnippet.Of("👨‍👩‍👧 short", [], 100));
    }
}
