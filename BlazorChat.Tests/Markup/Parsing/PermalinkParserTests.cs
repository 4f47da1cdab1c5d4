using BlazorChat.Markup;

namespace BlazorChat.Tests.Markup.Parsing;

/// <summary>The addresses of messages in a text that become links by themselves.</summary>
public sealed class PermalinkParserTests
{
    [Theory]
    [InlineData("/rooms/1#m-42", "<p><a href=\"/rooms/1#m-42\">/rooms/1#m-42</a></p>")]
    [InlineData("see /rooms/1/42/7.", "<p>see <a href=\"/rooms/1/42/7\">/rooms/1/42/7</a>.</p>")]
    [InlineData("(/rooms/1/42)", "<p>(<a href=\"/rooms/1/42\">/rooms/1/42</a>)</p>")]
    [InlineData("참고/rooms/1#m-42에서", "<p>참고<a href=\"/rooms/1#m-42\">/rooms/1#m-42</a>에서</p>")]
    // Other paths
    [InlineData("src/rooms/1/2/3", "<p>src/rooms/1/2/3</p>")]
    [InlineData("./rooms/1/2/3", "<p>./rooms/1/2/3</p>")]
    [InlineData("/rooms/1", "<p>/rooms/1</p>")]
    [InlineData("/rooms/1/2/3/4", "<p>/rooms/1/2/3/4</p>")]
    [InlineData("/rooms/1#m-42a", "<p>/rooms/1#m-42a</p>")]
    [InlineData("`/rooms/1#m-42`", "<p><code>/rooms/1#m-42</code></p>")]
    public void A_path_of_a_message_is_a_link(string text, string html) => Assert.Equal(html, MarkdownHtml.RenderWithMentions(text));

    [Theory]
    [InlineData("http://localhost:5080/rooms/1#m-42")]
    [InlineData("https://chat.example.org/rooms/1/42/7")]
    public void An_address_is_a_link_also_without_a_dot_in_its_host(string address) => Assert.Contains(
        $"<a href=\"{address}\" rel=\"{MarkdownHtml.OutsideRel}\" target=\"_blank\">{address}</a>", MarkdownHtml.RenderWithMentions($"see {address}, please"), StringComparison.Ordinal);

    [Fact]
    public void Within_a_link_and_outside_of_rooms_it_is_text()
    {
        Assert.Single(MarkdownHtml.RenderWithMentions("[see /rooms/1#m-42](https://example.org)").Split("<a ")[1..]);
        Assert.Equal("<p>see /rooms/1/42/7</p>", MarkdownHtml.Render("see /rooms/1/42/7"));
    }
}
