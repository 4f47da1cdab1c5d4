using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Reading;
using Bunit;

namespace BlazorChat.Tests.Liveblogs.Reading;

public sealed class LiveblogComponentTests : BunitContext
{
    private static readonly DateTime At = new(2026, 11, 24, 14, 5, 6, DateTimeKind.Utc);

    private static readonly LiveblogPostView Plain = new(7, 12, 12, 1, "Ada <b>", "", "*hi*", "<p><em>hi</em></p>", false, false, At, null, false);

    public LiveblogComponentTests() => Services.AddLocalization();

    [Fact]
    public void A_post_shows_time_author_and_text_and_links_to_its_page()
    {
        var post = Article(Plain);

        Assert.Equal("post-7", post.Id);
        Assert.Equal("liveblogs/launch/posts/7", post.QuerySelector(".post-when a")!.GetAttribute("href"));
        Assert.Equal("2026-11-24T14:05:06Z", post.QuerySelector("time")!.GetAttribute("datetime"));
        Assert.Equal("24 Nov 2026, 14:05 UTC", post.QuerySelector("time")!.TextContent);
        Assert.Equal("hi", post.QuerySelector(".post-text em")!.TextContent);
        Assert.Equal("Ada <b>", post.QuerySelector(".post-by bdi")!.TextContent);
        Assert.Null(post.QuerySelector("h2"));
        Assert.Empty(post.QuerySelectorAll(".post-mark"));
        Assert.DoesNotContain("edited", post.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_post_shows_its_headline_its_marks_and_its_edit()
    {
        var post = Article(Plain with { Title = "<Lift-off>", IsPinned = true, IsKeyEvent = true, EditedAt = At.AddMinutes(5) });

        Assert.Equal("<Lift-off>", post.QuerySelector("h2")!.TextContent);
        Assert.Equal(["Pinned", "Key event"], post.QuerySelectorAll(".post-mark").Select(mark => mark.TextContent));
        Assert.Equal("Ada <b>, edited 24 Nov 2026, 14:10 UTC", post.QuerySelector(".post-by")!.TextContent.Trim());
        Assert.True(post.HasAttribute("data-pinned") && post.HasAttribute("data-key-event"));
    }

    [Fact]
    public void A_key_event_is_a_line_with_a_time_and_a_link()
    {
        var line = Render<KeyEventLine>(parameters => parameters
            .Add(p => p.Slug, "launch")
            .Add(p => p.KeyEvent, new KeyEventView(7, "<Lift-off>", At))).Find("li");

        Assert.Equal("7", line.GetAttribute("data-key-event"));
        Assert.Equal("2026-11-24T14:05:06Z", line.QuerySelector("time")!.GetAttribute("datetime"));
        Assert.Equal(("<Lift-off>", "liveblogs/launch/posts/7"), (line.QuerySelector("a")!.TextContent, line.QuerySelector("a")!.GetAttribute("href")));
    }

    [Theory]
    [InlineData(LiveblogState.Draft, "Draft")]
    [InlineData(LiveblogState.Live, "Live")]
    [InlineData(LiveblogState.Archived, "Ended 24 Nov 2026, 14:05 UTC")]
    public void The_head_shows_the_state_of_the_liveblog(LiveblogState state, string words)
    {
        var liveblog = new LiveblogView(1, "launch", "<Launch>", "What happens.", state, 3, 0, At, At, state == LiveblogState.Archived ? At : null);

        var head = Render<LiveblogHead>(parameters => parameters.Add(p => p.Liveblog, liveblog)).Find("header");

        Assert.Equal(words, string.Join(' ', head.QuerySelector(".liveblog-state")!.TextContent.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal("<Launch>", head.QuerySelector("h1")!.TextContent);
        Assert.Equal("What happens.", head.QuerySelector(".liveblog-standfirst")!.TextContent);
    }

    private AngleSharp.Dom.IElement Article(LiveblogPostView post) => Render<PostArticle>(parameters => parameters
        .Add(p => p.Slug, "launch")
        .Add(p => p.Post, post)).Find("article");
}
