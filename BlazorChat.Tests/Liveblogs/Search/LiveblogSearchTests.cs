using System.Security.Claims;
using BlazorChat.Common;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Search;

namespace BlazorChat.Tests.Liveblogs.Search;

/// <summary>Which posts are found, and by whom.</summary>
public sealed class LiveblogSearchTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _ada = await _site.AddPersonAsync("Ada", isAdmin: true);
        _zoe = await _site.AddPersonAsync("Zoe");
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Posts_are_found_by_the_words_of_their_headline_and_text()
    {
        var liveblog = await _site.StartLiveblogAsync(_ada, "launch");
        var first = await _site.PostAsync(_ada, liveblog, "서울에서 **발사** 준비", "Countdown begins");
        var second = await _site.PostAsync(_ada, liveblog, "The countdown is on hold");

        Assert.Equal([second.Id, first.Id], await FindAsync(_zoe, "countdown"));
        Assert.Equal([first.Id], await FindAsync(_zoe, "서울 발사"));
        Assert.Equal([second.Id], await FindAsync(_zoe, "\"on hold\""));
        Assert.Empty(await FindAsync(_zoe, "\"hold on\""));
        Assert.Empty(await FindAsync(_zoe, "…"));
        await Assert.ThrowsAsync<RefusedException>(() => FindAsync(_zoe, new string('x', 501)));

        await _site.EditPostAsync(_ada, liveblog, second.Id, "Lift-off");
        Assert.Equal([first.Id], await FindAsync(_zoe, "countdown", isIndexed: false));
        await _site.Editing.DeleteAsync(_ada, liveblog.Id, first.Id, default);
        Assert.Empty(await FindAsync(_zoe, "countdown", isIndexed: false));
        Assert.Equal([second.Id], await FindAsync(_zoe, "lift off"));
    }

    [Fact]
    public async Task Posts_of_a_draft_are_found_by_editors_until_it_starts()
    {
        var draft = await _site.Lifecycle.CreateAsync(_ada, "Launch", "launch", default);
        var post = await _site.PostAsync(_ada, draft, "secret countdown");

        Assert.Equal([post.Id], await FindAsync(_ada, "countdown"));
        Assert.Empty(await FindAsync(_zoe, "countdown"));

        await _site.Lifecycle.StartAsync(_ada, draft.Id, default);
        Assert.Equal([post.Id], await FindAsync(_ada, "countdown", isIndexed: false));
        Assert.Equal([post.Id], await FindAsync(_zoe, "countdown"));
        Assert.Equal([post.Id], await FindAsync(_ada, "countdown"));
    }

    [Fact]
    public async Task Pages_have_each_post_once()
    {
        var liveblog = await _site.StartLiveblogAsync(_ada, "launch");
        for (var i = 0; i < 25; i++)
            await _site.PostAsync(_ada, liveblog, $"word {i}");
        await IndexAsync();
        var search = _site.Services.GetRequiredService<LiveblogSearch>();

        var (first, hasOlder) = await search.FindAsync(_zoe, "word", null, default);
        var (second, hasMore) = await search.FindAsync(_zoe, "word", first[^1].PostId, default);

        Assert.Equal((20, true, 5, false), (first.Count, hasOlder, second.Count, hasMore));
        Assert.Equal(25, first.Concat(second).Select(result => result.PostId).Distinct().Count());
    }

    private async Task<IEnumerable<int>> FindAsync(ClaimsPrincipal person, string query, bool isIndexed = true)
    {
        if (isIndexed)
            await IndexAsync();
        var (results, _) = await _site.Services.GetRequiredService<LiveblogSearch>().FindAsync(person, query, null, default);
        return results.Select(result => result.PostId);
    }

    private async Task IndexAsync()
    {
        var follower = _site.Services.GetRequiredService<LiveblogSearchFollower>();
        while (await follower.WriteBatchAsync(default))
        {
            // The next batch.
        }
    }
}
