using BlazorChat.Common;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Liveblogs;
using BlazorChat.Tests.Feeds;

namespace BlazorChat.Tests.Liveblogs.Posts;

public sealed class LiveblogPostsTests : LiveblogTest
{
    private LiveblogView _liveblog = default!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _liveblog = await Site.StartLiveblogAsync(Admin, "launch");
    }

    [Fact]
    public async Task Creating_editing_and_deleting_a_post_each_have_the_next_revision()
    {
        var created = await CreateAsync(" Head ", "**hello** <script>alert(1)</script>");
        Assert.Equal(("Head", 1, "Ada"), (created.Title, created.Revision, created.AuthorName));
        Assert.Equal("<p><strong>hello</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p>", created.Html);
        Assert.Null(created.EditedAt);

        var edited = await EditAsync(created.Id, "", "goodbye");
        Assert.Equal((created.Id, "", "<p>goodbye</p>", 2), (edited.Id, edited.Title, edited.Html, edited.Revision));
        Assert.NotNull(edited.EditedAt);
        Assert.Equal(edited, await EditAsync(created.Id, " ", "goodbye"));

        await DeleteAsync(created.Id);
        await DeleteAsync(created.Id);
        var page = await ReadAsync();
        Assert.Empty(page.Posts);
        Assert.Equal(3, page.Liveblog.Revision);
        await RefusedAsync(RefusalCode.NotFound, () => EditAsync(created.Id, "", "again"));
    }

    [Fact]
    public async Task Nothing_of_a_deleted_post_is_left()
    {
        var post = await CreateAsync("Secret head", "secret text");

        await DeleteAsync(post.Id);

        await using var db = await Site.OpenAsync();
        var kept = (await db.LiveblogPosts.FindAsync(post.Id))!;
        Assert.Equal(("", "", ""), (kept.Title, kept.Markdown, kept.Html));
        await using var follower = Follow(0);
        await follower.WaitForAsync(2);
        var tombstone = follower.Changes[^1];
        Assert.Equal(("liveblog.post.deleted", true, "", ""), (tombstone.Name, tombstone.Post!.IsDeleted, tombstone.Post.Markdown, tombstone.Post.Html));
    }

    [Fact]
    public async Task Followers_receive_every_change_and_late_ones_the_newest_state()
    {
        await using var live = Follow(0);
        var first = await CreateAsync("", "one");
        await live.WaitForAsync(1);
        var second = await CreateAsync("", "two");
        await live.WaitForAsync(2);
        await EditAsync(first.Id, "", "one, corrected");
        await live.WaitForAsync(3);
        await DeleteAsync(second.Id);
        await live.WaitForAsync(4);
        await Site.Lifecycle.ArchiveAsync(Admin, _liveblog.Id, default);
        await live.WaitForAsync(5);

        await using var node = await Site.AddNodeAsync();
        await using var late = new Follower<LiveblogChanged>(stop => node.Posts.FollowAsync(Admin, _liveblog.Id, 0, stop));
        await late.WaitForAsync(5);

        Assert.Equal(
            [
                (1, "liveblog.post.created", first.Id), (2, "liveblog.post.created", second.Id),
                (3, "liveblog.post.updated", first.Id), (4, "liveblog.post.deleted", second.Id), (5, "liveblog.archived", null),
            ],
            live.Changes.Select(change => (change.Revision, change.Name, change.Post?.Id)));
        Assert.Equal(
            [(3, "liveblog.post.updated", first.Id), (4, "liveblog.post.deleted", second.Id), (5, "liveblog.archived", null)],
            late.Changes.Select(change => (change.Revision, change.Name, change.Post?.Id)));
    }

    [Fact]
    public async Task Nothing_changes_in_an_archived_liveblog()
    {
        var post = await CreateAsync("", "for the record");
        await Site.Lifecycle.ArchiveAsync(Admin, _liveblog.Id, default);

        await RefusedAsync(RefusalCode.Conflict, () => CreateAsync("", "late"));
        await RefusedAsync(RefusalCode.Conflict, () => EditAsync(post.Id, "", "late"));
        await RefusedAsync(RefusalCode.Conflict, () => DeleteAsync(post.Id));

        var page = await ReadAsync();
        Assert.Equal([post], page.Posts);
        Assert.Equal(2, page.Liveblog.Revision);
    }

    [Fact]
    public async Task A_post_cannot_be_changed_through_another_liveblog()
    {
        var other = await Site.Lifecycle.CreateAsync(Admin, "Other", "other", default);
        var post = await CreateAsync("", "here");

        await RefusedAsync(RefusalCode.NotFound, () => Site.EditPostAsync(Admin, other, post.Id, "there"));
        await RefusedAsync(RefusalCode.NotFound, () => Site.Editing.DeleteAsync(Admin, other.Id, post.Id, default));
        await RefusedAsync(RefusalCode.NotFound, () => Site.PostAsync(Admin, other with { Id = 999 }, "nowhere"));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("", " \n ")]
    [InlineData("", "nul \0 inside")]
    [InlineData("two\nlines", "text")]
    public async Task An_invalid_post_is_refused(string title, string markdown) =>
        await RefusedAsync(RefusalCode.Invalid, () => CreateAsync(title, markdown));

    [Fact]
    public async Task The_longest_post_reaches_another_node_and_one_character_more_is_refused()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var here = await TestDatabase.CreateAsync(redis.ConnectionString);
        await using var there = await here.AddNodeAsync();
        var admin = await here.AddPersonAsync("Ada", isAdmin: true);
        var liveblog = await here.Lifecycle.CreateAsync(admin, "Long", "long", default);
        await using var follower = new Follower<LiveblogChanged>(stop => there.Posts.FollowAsync(admin, liveblog.Id, 0, stop));
        // Characters whose encoding between nodes is longest.
        string[] longest = [new string('한', LiveblogPost.MaxLength), new string('"', LiveblogPost.MaxLength), new string('<', LiveblogPost.MaxLength)];

        foreach (var text in longest)
            await here.PostAsync(admin, liveblog, text, new string('한', LiveblogPost.MaxTitleLength));
        await follower.WaitForAsync(longest.Length);

        Assert.Equal(longest, follower.Changes.Select(change => change.Post!.Markdown));
        await RefusedAsync(RefusalCode.Invalid, () => here.PostAsync(admin, liveblog, longest[0] + "x"));
    }

    [Fact]
    public async Task Concurrent_changes_have_revisions_without_holes()
    {
        var posts = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => CreateAsync("", $"{i}"))));
        await Task.WhenAll(posts.Select((post, i) => Task.Run(() => i % 2 == 0 ? DeleteAsync(post.Id) : EditAsync(post.Id, "", "edited"))));

        Assert.Equal(Enumerable.Range(1, 40).Select(i => (long)i), posts.Select(post => post.Revision).Order());
        var page = await ReadAsync();
        Assert.Equal(80, page.Liveblog.Revision);
        Assert.Equal(20, page.Posts.Count);
        Assert.All(page.Posts, post => Assert.Equal("<p>edited</p>", post.Html));
    }

    [Fact]
    public async Task Pages_of_posts_have_no_holes_and_no_duplicates()
    {
        for (var i = 1; i <= 120; i++)
            await CreateAsync("", $"{i}");

        var pages = new List<LiveblogSnapshot> { await ReadAsync() };
        while (pages[^1].HasOlder)
            pages.Add(await Site.Posts.ReadAsync(Admin, _liveblog.Id, pages[^1].Posts[^1].Id, default));

        Assert.Equal([30, 30, 30, 30], pages.Select(page => page.Posts.Count));
        Assert.Equal(Enumerable.Range(1, 120).Reverse().Select(i => $"{i}"), pages.SelectMany(page => page.Posts).Select(post => post.Markdown));
    }

    private Follower<LiveblogChanged> Follow(long after) => new(stop => Site.Posts.FollowAsync(Admin, _liveblog.Id, after, stop));

    private Task<LiveblogSnapshot> ReadAsync() => Site.Posts.ReadAsync(Admin, _liveblog.Id, null, default);

    private Task<LiveblogPostView> CreateAsync(string title, string markdown) =>
        Site.PostAsync(Admin, _liveblog, markdown, title);

    private Task<LiveblogPostView> EditAsync(int postId, string title, string markdown) =>
        Site.EditPostAsync(Admin, _liveblog, postId, markdown, title);

    private Task DeleteAsync(int postId) => Site.Editing.DeleteAsync(Admin, _liveblog.Id, postId, default);
}
