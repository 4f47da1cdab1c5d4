using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Posts;
using BlazorChat.Tests.Feeds;

namespace BlazorChat.Tests.Liveblogs.Editing;

public sealed class PostEditingTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _admin = default!;
    private ClaimsPrincipal _zoe = default!;
    private LiveblogView _liveblog = default!;

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _admin = await _site.AddPersonAsync("Ada", isAdmin: true);
        _zoe = await _site.AddPersonAsync("Zoe");
        _liveblog = await _site.Liveblogs.StartAsync(_admin, (await _site.Liveblogs.CreateAsync(_admin, "Launch", "launch", default)).Id, default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_draft_is_published_once_however_often_it_is_asked_for()
    {
        var draftId = Guid.NewGuid();

        var posts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
            _site.Editing.PublishAsync(_admin, _liveblog.Id, draftId, new PostText("", $"try {i}"), default))));

        Assert.Single(posts.Select(post => post.Id).Distinct());
        Assert.Equal(1, (await ReadAsync()).Liveblog.Revision);
        await RefusedAsync(RefusalCode.Conflict, () => _site.Drafts.SaveAsync(_admin, _liveblog.Id, draftId, new PostText("", "late"), null, default));
        var other = await _site.Liveblogs.CreateAsync(_admin, "Other", "other", default);
        await RefusedAsync(RefusalCode.NotFound, () => _site.Editing.PublishAsync(_admin, other.Id, draftId, new PostText("", "elsewhere"), default));
    }

    [Fact]
    public async Task One_post_is_pinned_at_a_time_and_stands_apart()
    {
        var first = await _site.PostAsync(_admin, _liveblog, "first");
        var second = await _site.PostAsync(_admin, _liveblog, "second");

        await _site.Editing.PinAsync(_admin, _liveblog.Id, first.Id, true, default);
        await _site.Editing.PinAsync(_admin, _liveblog.Id, first.Id, true, default);
        await _site.Editing.PinAsync(_admin, _liveblog.Id, second.Id, true, default);

        await using var follower = new Follower<LiveblogChanged>(stop => _site.Posts.FollowAsync(_zoe, _liveblog.Id, 2, stop));
        await follower.WaitForAsync(5);
        Assert.Equal(
            [(4, first.Id, false, "liveblog.post.updated"), (5, second.Id, true, "liveblog.post.updated")],
            follower.Changes.Select(change => (change.Revision, change.Post!.Id, change.Post.IsPinned, change.Name)));
        var page = await ReadAsync();
        Assert.Equal(second.Id, page.Pinned!.Id);
        Assert.Equal([first.Id], page.Posts.Select(post => post.Id));

        await _site.Editing.DeleteAsync(_admin, _liveblog.Id, second.Id, default);
        Assert.Null((await ReadAsync()).Pinned);
    }

    [Fact]
    public async Task Key_events_have_headlines_and_are_summed_up_newest_first()
    {
        await RefusedAsync(RefusalCode.Invalid, () => _site.PostAsync(_admin, _liveblog, "text", isKeyEvent: true));
        var first = await _site.PostAsync(_admin, _liveblog, "text", "Lift-off", isKeyEvent: true);
        var second = await _site.PostAsync(_admin, _liveblog, "text", "Orbit");
        var plain = await _site.PostAsync(_admin, _liveblog, "text");

        await _site.Editing.MarkAsync(_admin, _liveblog.Id, second.Id, true, default);
        await RefusedAsync(RefusalCode.Invalid, () => _site.Editing.MarkAsync(_admin, _liveblog.Id, plain.Id, true, default));

        Assert.Equal([(second.Id, "Orbit"), (first.Id, "Lift-off")], (await ReadAsync()).KeyEvents.Select(line => (line.PostId, line.Title)));
        await _site.Editing.MarkAsync(_admin, _liveblog.Id, first.Id, false, default);
        await _site.Editing.DeleteAsync(_admin, _liveblog.Id, second.Id, default);
        Assert.Empty((await ReadAsync()).KeyEvents);
    }

    [Fact]
    public async Task Who_opened_an_older_text_is_told_and_overwrites_nothing()
    {
        var post = await _site.PostAsync(_admin, _liveblog, "one");
        var hers = await _site.Editing.OpenAsync(_admin, _liveblog.Id, post.Id, default);
        await _site.EditPostAsync(_admin, _liveblog, post.Id, "two");

        await RefusedAsync(RefusalCode.Conflict, () =>
            _site.Editing.EditAsync(_admin, _liveblog.Id, post.Id, hers.Version, new PostText("", "mine"), default));
        Assert.Equal("two", Assert.Single((await ReadAsync()).Posts).Markdown);

        // A pin in between is no other text, and what is asked for twice is done once.
        var newest = await _site.Editing.OpenAsync(_admin, _liveblog.Id, post.Id, default);
        await _site.Editing.PinAsync(_admin, _liveblog.Id, post.Id, true, default);
        for (var i = 0; i < 2; i++)
            await _site.Editing.EditAsync(_admin, _liveblog.Id, post.Id, newest.Version, new PostText("", "three"), default);
        Assert.Equal(4, (await ReadAsync()).Liveblog.Revision);
    }

    [Fact]
    public async Task Editors_find_every_text_that_a_post_has_had_also_of_a_deleted_one()
    {
        var post = await _site.PostAsync(_admin, _liveblog, "one", "First");
        await _site.Editors.AddAsync(_admin, _liveblog.Id, "ZOE@example.org", default);
        await _site.EditPostAsync(_zoe, _liveblog, post.Id, "two", "Second");
        await _site.Editing.DeleteAsync(_admin, _liveblog.Id, post.Id, default);

        var history = await _site.Editing.ReadHistoryAsync(_zoe, _liveblog.Id, post.Id, default);

        Assert.Equal(
            [(3, "", "", "Ada", true), (2, "Second", "two", "Zoe", false), (1, "First", "one", "Ada", false)],
            history.Select(version => (version.Number, version.Title, version.Markdown, version.WrittenBy, version.IsDeletion)));
        var other = await _site.Liveblogs.CreateAsync(_admin, "Other", "other", default);
        Assert.Empty(await _site.Editing.ReadHistoryAsync(_admin, other.Id, post.Id, default));
    }

    [Fact]
    public async Task An_editor_writes_in_one_liveblog_drafts_included_until_they_no_longer_may()
    {
        var draft = await _site.Liveblogs.CreateAsync(_admin, "Draft", "draft", default);
        await _site.Editors.AddAsync(_admin, draft.Id, "zoe@example.org", default);
        await _site.Editors.AddAsync(_admin, draft.Id, "zoe@example.org", default);
        Assert.Equal(["Zoe"], (await _site.Editors.ListAsync(_admin, draft.Id, default)).Select(editor => editor.Name));
        await RefusedAsync(RefusalCode.NotFound, () => _site.Editors.AddAsync(_admin, draft.Id, "nobody@example.org", default));
        await RefusedAsync(RefusalCode.NotFound, () => _site.Editors.AddAsync(_admin, 999, "zoe@example.org", default));

        Assert.Equal(["launch", "draft"], (await _site.Liveblogs.ListVisibleAsync(_zoe, default)).Select(liveblog => liveblog.Slug));
        await _site.PostAsync(_zoe, draft, "hers");
        await RefusedAsync(RefusalCode.Forbidden, () => _site.PostAsync(_zoe, _liveblog, "not hers"));
        await RefusedAsync(RefusalCode.Forbidden, () => _site.Editors.AddAsync(_zoe, draft.Id, "zoe@example.org", default));
        var follower = new Follower<LiveblogChanged>(stop => _site.Posts.FollowAsync(_zoe, draft.Id, 0, stop));
        await follower.WaitForAsync(1);

        await _site.Editors.RemoveAsync(_admin, draft.Id, _zoe.UserId, default);
        await RefusedAsync(RefusalCode.Forbidden, () => _site.PostAsync(_zoe, draft, "no longer"));
        await RefusedAsync(RefusalCode.NotFound, () => _site.Posts.ReadAsync(_zoe, draft.Id, null, default));
        await _site.PostAsync(_admin, draft, "not for Zoe");
        await Assert.ThrowsAsync<RefusedException>(() => follower.WaitForAsync(2));
        Assert.Single(follower.Changes);
    }

    [Fact]
    public async Task A_liveblog_gets_another_title_and_its_followers_are_told_between_the_posts()
    {
        await _site.PostAsync(_admin, _liveblog, "one");
        await _site.Liveblogs.NameAsync(_admin, _liveblog.Id, " Lift-off ", " What happens. ", default);
        await _site.Liveblogs.NameAsync(_admin, _liveblog.Id, "Lift-off", "What happens.", default);
        await _site.PostAsync(_admin, _liveblog, "two");
        await RefusedAsync(RefusalCode.Invalid, () => _site.Liveblogs.NameAsync(_admin, _liveblog.Id, " ", "", default));
        await RefusedAsync(RefusalCode.Invalid, () => _site.Liveblogs.NameAsync(_admin, _liveblog.Id, "x", new string('x', 401), default));

        await using var follower = new Follower<LiveblogChanged>(stop => _site.Posts.FollowAsync(_zoe, _liveblog.Id, 0, stop));
        await follower.WaitForAsync(3);

        Assert.Equal(["liveblog.post.created", "liveblog.updated", "liveblog.post.created"], follower.Changes.Select(change => change.Name));
        Assert.Equal(("Lift-off", "What happens."), (follower.Changes[1].Liveblog.Title, follower.Changes[1].Liveblog.Standfirst));
        await _site.Liveblogs.ArchiveAsync(_admin, _liveblog.Id, default);
        await RefusedAsync(RefusalCode.Conflict, () => _site.Liveblogs.NameAsync(_admin, _liveblog.Id, "Too late", "", default));
    }

    private Task<LiveblogSnapshot> ReadAsync() => _site.Posts.ReadAsync(_zoe, _liveblog.Id, null, default);

    private static async Task RefusedAsync(RefusalCode code, Func<Task> command) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RefusedException>(command)).Code);
}
