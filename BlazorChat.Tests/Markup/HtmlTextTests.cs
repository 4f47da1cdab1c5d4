using BlazorChat.Markup;

namespace BlazorChat.Tests.Markup;

public sealed class HtmlTextTests
{
    [Theory]
    [InlineData("**a** b & *c*", "a b & c")]
    [InlineData("one\n\n- two\n- three", "one two three")]
    [InlineData("one\ntwo", "one two")]
    [InlineData("[a > b](https://example.org/?\"<>) \\<script\\>", "a > b <script>")]
    [InlineData("`</p>` 발사", "</p> 발사")]
    public void The_words_are_left(string markdown, string text) =>
        Assert.Equal(text, HtmlText.Read(MarkdownHtml.Render(markdown), 100));

    [Theory]
    [InlineData("one two three", 13, "one two three")]
    [InlineData("one two three", 12, "one two…")]
    [InlineData("abcdefghij", 5, "abcd…")]
    [InlineData("ab👩‍👩‍👧cd", 6, "ab…")]
    public void What_is_too_long_is_cut_where_one_would(string text, int maxLength, string cut) =>
        Assert.Equal(cut, HtmlText.Read(text, maxLength));
}
