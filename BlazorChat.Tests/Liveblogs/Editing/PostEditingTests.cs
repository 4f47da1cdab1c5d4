using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Posts;
using BlazorChat.Tests.Feeds;

namespace BlazorChat.Tests.Liveblogs.Editing;

public sealed class PostEditingTests : LiveblogTest
{
    private ClaimsPrincipal _zoe = default!;
    private LiveblogView _liveblog = default!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _zoe = await Site.AddPersonAsync("Zoe");
        _liveblog = await Site.StartLiveblogAsync(Admin, "launch");
    }

    [Fact]
    public async Task A_draft_that_is_published_repeatedly_is_one_post()
    {
        var draftId = Guid.NewGuid();

        var posts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
            Site.Editing.PublishAsync(Admin, _liveblog.Id, draftId, new PostText("", $"try {i}"), default))));

        Assert.Single(posts.Select(post => post.Id).Distinct());
        Assert.Equal(1, (await ReadAsync()).Liveblog.Revision);
        await RefusedAsync(RefusalCode.Conflict, () => Site.Drafts.SaveAsync(Admin, _liveblog.Id, draftId, new PostText("", "late"), null, default));
        var other = await Site.Lifecycle.CreateAsync(Admin, "Other", "other", default);
        await RefusedAsync(RefusalCode.NotFound, () => Site.Editing.PublishAsync(Admin, other.Id, draftId, new PostText("", "elsewhere"), default));
    }

    [Fact]
    public async Task One_post_is_pinned_at_a_time_and_not_among_the_others()
    {
        var first = await Site.PostAsync(Admin, _liveblog, "first");
        var second = await Site.PostAsync(Admin, _liveblog, "second");

        await Site.Editing.PinAsync(Admin, _liveblog.Id, first.Id, true, default);
        await Site.Editing.PinAsync(Admin, _liveblog.Id, first.Id, true, default);
        await Site.Editing.PinAsync(Admin, _liveblog.Id, second.Id, true, default);

        await using var follower = new Follower<LiveblogChanged>(stop => Site.Posts.FollowAsync(_zoe, _liveblog.Id, 2, stop));
        await follower.WaitForAsync(5);
        Assert.Equal(
            [(4, first.Id, false, "liveblog.post.updated"), (5, second.Id, true, "liveblog.post.updated")],
            follower.Changes.Select(change => (change.Revision, change.Post!.Id, change.Post.IsPinned, change.Name)));
        var page = await ReadAsync();
        Assert.Equal(second.Id, page.Pinned!.Id);
        Assert.Equal([first.Id], page.Posts.Select(post => post.Id));

        await Site.Editing.DeleteAsync(Admin, _liveblog.Id, second.Id, default);
        Assert.Null((await ReadAsync()).Pinned);
    }

    [Fact]
    public async Task Key_events_have_headlines_and_are_listed_newest_first()
    {
        await RefusedAsync(RefusalCode.Invalid, () => Site.PostAsync(Admin, _liveblog, "text", isKeyEvent: true));
        var first = await Site.PostAsync(Admin, _liveblog, "text", "Lift-off", isKeyEvent: true);
        var second = await Site.PostAsync(Admin, _liveblog, "text", "Orbit");
        var plain = await Site.PostAsync(Admin, _liveblog, "text");

        await Site.Editing.MarkAsync(Admin, _liveblog.Id, second.Id, true, default);
        await RefusedAsync(RefusalCode.Invalid, () => Site.Editing.MarkAsync(Admin, _liveblog.Id, plain.Id, true, default));

        Assert.Equal([(second.Id, "Orbit"), (first.Id, "Lift-off")], (await ReadAsync()).KeyEvents.Select(line => (line.PostId, line.Title)));
        await Site.Editing.MarkAsync(Admin, _liveblog.Id, first.Id, false, default);
        await Site.Editing.DeleteAsync(Admin, _liveblog.Id, second.Id, default);
        Assert.Empty((await ReadAsync()).KeyEvents);
    }

    [Fact]
    public async Task Saving_against_an_older_version_is_refused()
    {
        var post = await Site.PostAsync(Admin, _liveblog, "one");
        var older = await Site.Editing.OpenAsync(Admin, _liveblog.Id, post.Id, default);
        await Site.EditPostAsync(Admin, _liveblog, post.Id, "two");

        await RefusedAsync(RefusalCode.Conflict, () =>
            Site.Editing.EditAsync(Admin, _liveblog.Id, post.Id, older.Version, new PostText("", "mine"), default));
        Assert.Equal("two", Assert.Single((await ReadAsync()).Posts).Markdown);

        // A pin in between changes no version, and a repeated edit is one change.
        var newest = await Site.Editing.OpenAsync(Admin, _liveblog.Id, post.Id, default);
        await Site.Editing.PinAsync(Admin, _liveblog.Id, post.Id, true, default);
        for (var i = 0; i < 2; i++)
            await Site.Editing.EditAsync(Admin, _liveblog.Id, post.Id, newest.Version, new PostText("", "three"), default);
        Assert.Equal(4, (await ReadAsync()).Liveblog.Revision);
    }

    [Fact]
    public async Task Editors_read_all_versions_of_a_post_also_of_a_deleted_one()
    {
        var post = await Site.PostAsync(Admin, _liveblog, "one", "First");
        await Site.Editors.AddAsync(Admin, _liveblog.Id, "ZOE@example.org", default);
        await Site.EditPostAsync(_zoe, _liveblog, post.Id, "two", "Second");
        await Site.Editing.DeleteAsync(Admin, _liveblog.Id, post.Id, default);

        var history = await Site.Editing.ReadHistoryAsync(_zoe, _liveblog.Id, post.Id, default);

        Assert.Equal(
            [(3, "", "", "Ada", true), (2, "Second", "two", "Zoe", false), (1, "First", "one", "Ada", false)],
            history.Select(version => (version.Number, version.Title, version.Markdown, version.WrittenBy, version.IsDeletion)));
        var other = await Site.Lifecycle.CreateAsync(Admin, "Other", "other", default);
        Assert.Empty(await Site.Editing.ReadHistoryAsync(Admin, other.Id, post.Id, default));
    }

    [Fact]
    public async Task An_editor_writes_in_one_liveblog_until_removed()
    {
        var draft = await Site.Lifecycle.CreateAsync(Admin, "Draft", "draft", default);
        await Site.Editors.AddAsync(Admin, draft.Id, "zoe@example.org", default);
        await Site.Editors.AddAsync(Admin, draft.Id, "zoe@example.org", default);
        Assert.Equal(["Zoe"], (await Site.Editors.ListAsync(Admin, draft.Id, default)).Select(editor => editor.Name));
        await RefusedAsync(RefusalCode.NotFound, () => Site.Editors.AddAsync(Admin, draft.Id, "nobody@example.org", default));
        await RefusedAsync(RefusalCode.NotFound, () => Site.Editors.AddAsync(Admin, 999, "zoe@example.org", default));

        Assert.Equal(["launch", "draft"], (await Site.Liveblogs.ListPageAsync(_zoe, null, default)).Liveblogs.Select(liveblog => liveblog.Slug));
        await Site.PostAsync(_zoe, draft, "hers");
        await RefusedAsync(RefusalCode.Forbidden, () => Site.PostAsync(_zoe, _liveblog, "not hers"));
        await RefusedAsync(RefusalCode.Forbidden, () => Site.Editors.AddAsync(_zoe, draft.Id, "zoe@example.org", default));
        var follower = new Follower<LiveblogChanged>(stop => Site.Posts.FollowAsync(_zoe, draft.Id, 0, stop));
        await follower.WaitForAsync(1);

        await Site.Editors.RemoveAsync(Admin, draft.Id, _zoe.UserId, default);
        await RefusedAsync(RefusalCode.Forbidden, () => Site.PostAsync(_zoe, draft, "no longer"));
        await RefusedAsync(RefusalCode.NotFound, () => Site.Posts.ReadAsync(_zoe, draft.Id, null, default));
        await Site.PostAsync(Admin, draft, "not for Zoe");
        await Assert.ThrowsAsync<RefusedException>(() => follower.WaitForAsync(2));
        Assert.Single(follower.Changes);
    }

    [Fact]
    public async Task Followers_receive_a_new_title_in_order_with_the_posts()
    {
        await Site.PostAsync(Admin, _liveblog, "one");
        await Site.Lifecycle.DescribeAsync(Admin, _liveblog.Id, " Lift-off ", " What happens. ", default);
        await Site.Lifecycle.DescribeAsync(Admin, _liveblog.Id, "Lift-off", "What happens.", default);
        await Site.PostAsync(Admin, _liveblog, "two");
        await RefusedAsync(RefusalCode.Invalid, () => Site.Lifecycle.DescribeAsync(Admin, _liveblog.Id, " ", "", default));
        await RefusedAsync(RefusalCode.Invalid, () => Site.Lifecycle.DescribeAsync(Admin, _liveblog.Id, "x", new string('x', 401), default));

        await using var follower = new Follower<LiveblogChanged>(stop => Site.Posts.FollowAsync(_zoe, _liveblog.Id, 0, stop));
        await follower.WaitForAsync(3);

        Assert.Equal(["liveblog.post.created", "liveblog.updated", "liveblog.post.created"], follower.Changes.Select(change => change.Name));
        Assert.Equal(("Lift-off", "What happens."), (follower.Changes[1].Liveblog.Title, follower.Changes[1].Liveblog.Standfirst));
        await Site.Lifecycle.ArchiveAsync(Admin, _liveblog.Id, default);
        await RefusedAsync(RefusalCode.Conflict, () => Site.Lifecycle.DescribeAsync(Admin, _liveblog.Id, "Too late", "", default));
    }

    private Task<LiveblogSnapshot> ReadAsync() => Site.Posts.ReadAsync(_zoe, _liveblog.Id, null, default);
}
