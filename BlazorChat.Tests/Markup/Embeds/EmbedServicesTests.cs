using BlazorChat.Markup.Embeds;

namespace BlazorChat.Tests.Markup.Embeds;

public sealed class EmbedServicesTests
{
    private const string YouTube = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ";
    private const string Spotify = "4uLU6hMCjMI75M1A2tKUQC";
    private const string Did = "did:plc:z72i7hdynmk6r22z27h6tvur";

    [Theory]
    [InlineData("https://www.youtube.com/watch?v=dQw4w9WgXcQ", YouTube)]
    [InlineData("http://youtube.com/watch?list=PL1&v=dQw4w9WgXcQ&feature=share", YouTube)]
    [InlineData("https://m.youtube.com/watch?v=dQw4w9WgXcQ#t", YouTube)]
    [InlineData("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=1h2m3s", YouTube + "?start=3723")]
    [InlineData("https://www.youtube.com/watch?t=90&v=dQw4w9WgXcQ", YouTube + "?start=90")]
    [InlineData("https://youtu.be/dQw4w9WgXcQ?si=a_b&t=42s", YouTube + "?start=42")]
    [InlineData("https://youtu.be/dQw4w9WgXcQ?t=evil", YouTube)]
    [InlineData("https://www.youtube.com/live/dQw4w9WgXcQ?start=7", YouTube + "?start=7")]
    [InlineData("https://www.youtube.com/shorts/dQw4w9WgXcQ", YouTube)]
    [InlineData("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1")]
    [InlineData("https://vimeo.com/76979871/0a1b2c3d4e?share=copy", "https://player.vimeo.com/video/76979871?dnt=1&h=0a1b2c3d4e")]
    [InlineData("https://www.dailymotion.com/video/x84sh87", "https://geo.dailymotion.com/player.html?video=x84sh87")]
    [InlineData("https://dai.ly/x84sh87", "https://geo.dailymotion.com/player.html?video=x84sh87")]
    [InlineData("https://www.tiktok.com/@some.body_1/video/6718335390845095173?lang=en", "https://www.tiktok.com/player/v1/6718335390845095173")]
    [InlineData("https://open.spotify.com/intl-de/track/" + Spotify + "?si=1", "https://open.spotify.com/embed/track/" + Spotify)]
    [InlineData("https://open.spotify.com/playlist/" + Spotify, "https://open.spotify.com/embed/playlist/" + Spotify)]
    [InlineData("https://x.com/somebody/status/1234567890123456789?s=20", "https://platform.twitter.com/embed/Tweet.html?id=1234567890123456789&dnt=true")]
    [InlineData("https://mobile.twitter.com/somebody/status/12/photo/1", "https://platform.twitter.com/embed/Tweet.html?id=12&dnt=true")]
    [InlineData("https://bsky.app/profile/" + Did + "/post/3l6oveex3ii2l", "https://embed.bsky.app/embed/" + Did + "/app.bsky.feed.post/3l6oveex3ii2l")]
    [InlineData("https://www.instagram.com/p/CxYz_-123ab/?igsh=1", "https://www.instagram.com/p/CxYz_-123ab/embed/")]
    [InlineData("https://instagram.com/some.body/reel/CxYz123", "https://www.instagram.com/reel/CxYz123/embed/")]
    [InlineData("https://www.datawrapper.de/_/AbC12/", "https://datawrapper.dwcdn.net/AbC12/")]
    [InlineData("https://datawrapper.dwcdn.net/AbC12/34/", "https://datawrapper.dwcdn.net/AbC12/")]
    [InlineData("https://public.flourish.studio/visualisation/9434901/", "https://flo.uri.sh/visualisation/9434901/embed")]
    [InlineData("https://flo.uri.sh/story/9434901/embed", "https://flo.uri.sh/story/9434901/embed")]
    [InlineData("https://www.openstreetmap.org/#map=12/0/13.4", "https://www.openstreetmap.org/export/embed.html?bbox=13.29014%2C-0.0618%2C13.50986%2C0.0618&layer=mapnik")]
    [InlineData("https://www.openstreetmap.org/?mlat=60.1&mlon=-24.9#map=2/60/-25&layers=C", "https://www.openstreetmap.org/export/embed.html?bbox=-137.5%2C28.35938%2C87.5%2C91.64063&layer=mapnik&marker=60.1%2C-24.9")]
    public void A_link_to_a_known_service_has_a_frame(string link, string frame) => Assert.Equal(frame, EmbedServices.Find(link)?.Frame);

    [Theory]
    [InlineData("https://www.youtube.com/watch?v=tooshort")]
    [InlineData("https://www.youtube.com/watch?v=dQw4w9WgXcQ1")]
    [InlineData("https://www.youtube.com/watch?v=dQw4w9WgXc\"")]
    [InlineData("https://www.youtube.com/watch#v=dQw4w9WgXcQ")]
    [InlineData("https://www.youtube.com/@somebody")]
    [InlineData("https://www.youtube.com.example.org/watch?v=dQw4w9WgXcQ")]
    [InlineData("https://example.org/https://youtu.be/dQw4w9WgXcQ")]
    [InlineData("https://user@youtu.be/dQw4w9WgXcQ")]
    [InlineData("https://youtu.be:8443/dQw4w9WgXcQ")]
    [InlineData("https://youtu.be/dQw4w9WgXcQ/../../evil")]
    [InlineData("https://youtu.be/dQw4w9WgXcQ\nhttps://example.org")]
    [InlineData("//youtu.be/dQw4w9WgXcQ")]
    [InlineData("javascript:https://youtu.be/dQw4w9WgXcQ")]
    [InlineData("https://notvimeo.com/76979871")]
    [InlineData("https://vimeo.com/٧٦٩٧٩٨٧١")]
    [InlineData("https://vimeo.com/76979871/0a1b2c&h=x/y")]
    [InlineData("https://x.com/somebody")]
    [InlineData("https://x.com/somebody/status/12x")]
    [InlineData("https://bsky.app/profile/somebody.bsky.social/post/3l6oveex3ii2l")]
    [InlineData("https://open.spotify.com/user/" + Spotify)]
    [InlineData("https://www.openstreetmap.org/#map=20/52.5/13.4")]
    [InlineData("https://www.openstreetmap.org/#map=12/86/13.4")]
    [InlineData("https://www.openstreetmap.org/?mlat=1&mlon=x#map=12/52.5/13.4")]
    [InlineData("https://example.org/watch?v=dQw4w9WgXcQ")]
    [InlineData("")]
    public void What_is_not_quite_one_stays_a_link(string link) => Assert.Null(EmbedServices.Find(link));

    [Fact]
    public void A_link_of_any_length_is_answered_at_once()
    {
        foreach (var link in new[] { "https://youtu.be/dQw4w9WgXcQ?" + new string('&', 20_000), "https://www.youtube.com/watch?" + string.Concat(Enumerable.Repeat("&v=t=", 90)) })
            Assert.Null(EmbedServices.Find(link));
    }

    [Fact]
    public void Pages_may_frame_the_services_hosts_and_no_others()
    {
        Assert.All(EmbedServices.Origins, origin => Assert.Equal(origin, new Uri(origin).GetLeftPart(UriPartial.Authority)));
        Assert.All(EmbedServices.Origins, origin => Assert.StartsWith("https://", origin, StringComparison.Ordinal));
        Assert.DoesNotContain(EmbedServices.Origins, origin => origin.Contains('*'));
    }
}
