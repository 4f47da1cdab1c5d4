using BlazorChat.Rooms.Links;
using Microsoft.Extensions.Options;

namespace BlazorChat.Tests.Rooms.Previews;

public sealed class LinkFinderTests
{
    [Theory]
    [InlineData("nothing", "")]
    [InlineData("see https://a.example.org/x?y=1#part.", "https://a.example.org/x?y=1#part")]
    [InlineData("www.example.org and [words](http://b.example.org/)", "http://www.example.org/ http://b.example.org/")]
    [InlineData("/me reads https://a.example.org/", "https://a.example.org/")]
    [InlineData("https://a.example.org/ https://a.example.org/#two https://A.example.org/", "https://a.example.org/")]
    [InlineData("http://1.example.org http://2.example.org http://3.example.org http://4.example.org", "http://1.example.org/ http://2.example.org/ http://3.example.org/")]
    [InlineData("<https://a.example.org/>", "")]
    [InlineData("`https://a.example.org/`", "")]
    [InlineData("```\nhttps://a.example.org/\n```", "")]
    [InlineData("||https://a.example.org/|| https://b.example.org/", "https://b.example.org/")]
    [InlineData("||a|| https://b.example.org/", "https://b.example.org/")]
    [InlineData("||**https://a.example.org/**||", "")]
    [InlineData("mailto:a@example.org ftp://example.org/", "")]
    [InlineData("https://chat.example.org/rooms/1", "")]
    [InlineData("http://other.example.org:8080/rooms/1#m-5 /rooms/1/2/3", "")]
    [InlineData("https://user:word@a.example.org/", "")]
    public void Links_of_other_sites_are_found_once_and_not_where_nobody_asks_for_them(string markdown, string expected) =>
        Assert.Equal(expected, string.Join(' ', Find(markdown)));

    [Fact]
    public void A_long_address_is_not_looked_up() => Assert.Empty(Find($"https://a.example.org/{new string('a', 2_000)}"));

    [Fact]
    public void Nothing_is_found_when_previews_are_off() => Assert.Empty(Find("https://a.example.org/", isEnabled: false));

    private static IEnumerable<string> Find(string markdown, bool isEnabled = true)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Shell:PublicUrl", (string?)"https://chat.example.org/")]).Build();
        return new LinkFinder(Options.Create(new LinkPreviewOptions { Enabled = isEnabled }), new BlazorChat.Common.Sites.CurrentSite(), configuration).Find(markdown).Select(link => link.Address);
    }
}
