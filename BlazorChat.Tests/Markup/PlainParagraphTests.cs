using BlazorChat.Markup;
using CsCheck;

namespace BlazorChat.Tests.Markup;

public sealed class PlainParagraphTests
{
    // Half of the characters are those of the short path, so that it runs often, and some come near them.
    private static readonly Gen<string> Text = Gen.OneOf(
        Of("aZw09 .,;!?'\"()/-한é"),
        Of("aZw09 .,;!?'\"()/-한é\u00a0\u0301\u3000ªʰ\t\n*_~`[]<>&:@#|+=\\"),
        Gen.Select(Gen.OneOf("www.", "WWW.", "http", "1.", "- ", "a)", "1) ", "mailto", "tel", "..."), Gen.Char[' ', '~'].Array[0, 12], (start, rest) => $"{start}{new string(rest)}"),
        Gen.String);

    [Fact]
    public void Plain_text_is_rendered_as_Markdown_renders_it() => Text.Sample(
        text => Assert.Equal(MarkdownHtml.RenderMarked(text), MarkdownHtml.Render(text)), iter: 20_000);

    [Fact]
    public void Every_letter_is_the_same_both_ways()
    {
        var letters = Enumerable.Range(1, char.MaxValue).Select(i => (char)i).Where(char.IsLetter);

        foreach (var some in letters.Chunk(200))
        {
            var text = $"a{new string(some)}a";
            Assert.True(PlainParagraph.Is(text));
            Assert.Equal(MarkdownHtml.RenderMarked(text), MarkdownHtml.Render(text));
        }
    }

    [Theory]
    [InlineData("The quick brown fox (it's 3 years old) jumps; the dog says \"what?!\"")]
    [InlineData("안녕하세요, 여러분...")]
    public void What_people_mostly_say_is_plain(string text) => Assert.True(PlainParagraph.Is(text));

    [Theory]
    [InlineData("1. one")]
    [InlineData("a **b**")]
    [InlineData("a\nb")]
    [InlineData("a & b")]
    [InlineData("see www.example.org")]
    [InlineData(" a")]
    [InlineData("a ")]
    [InlineData("")]
    public void What_may_mean_more_is_not(string text) => Assert.False(PlainParagraph.Is(text));

    private static Gen<string> Of(string characters) => Gen.Char[characters].Array[0, 20].Select(some => new string(some));
}
