using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Directory;
using BlazorChat.Liveblogs.Posts;

namespace BlazorChat.Tests.Liveblogs.Directory;

public sealed class LiveblogDirectoryTests : IAsyncLifetime
{
    private static readonly ClaimsPrincipal Anonymous = new(new ClaimsIdentity());

    private TestDatabase _site = default!;
    private ClaimsPrincipal _admin = default!;

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _admin = await _site.AddPersonAsync("Admin", isAdmin: true);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_liveblog_goes_from_draft_to_live_to_archived_and_never_back()
    {
        var draft = await _site.Liveblogs.CreateAsync(_admin, " Launch day ", "launch-day", default);
        Assert.Equal(("launch-day", "Launch day", LiveblogState.Draft, 0), (draft.Slug, draft.Title, draft.State, draft.Revision));
        await RefusedAsync(RefusalCode.Conflict, () => _site.Liveblogs.ArchiveAsync(_admin, draft.Id, default));

        var live = await _site.Liveblogs.StartAsync(_admin, draft.Id, default);
        Assert.Equal(live, await _site.Liveblogs.StartAsync(_admin, draft.Id, default));
        Assert.Equal(LiveblogState.Live, live.State);
        Assert.NotNull(live.StartedAt);

        var archived = await _site.Liveblogs.ArchiveAsync(_admin, draft.Id, default);
        Assert.Equal(archived, await _site.Liveblogs.ArchiveAsync(_admin, draft.Id, default));
        Assert.Equal((LiveblogState.Archived, 1), (archived.State, archived.Revision));
        Assert.NotNull(archived.ArchivedAt);
        await RefusedAsync(RefusalCode.Conflict, () => _site.Liveblogs.StartAsync(_admin, draft.Id, default));
    }

    [Fact]
    public async Task The_sitemap_has_more_than_a_list_shows()
    {
        await using (var db = await _site.OpenAsync())
        {
            for (var i = 0; i < LiveblogDirectory.MaxListed + 5; i++)
                db.Add(new Liveblog { Slug = $"number-{i}", Title = "Title", State = LiveblogState.Archived, CreatedById = _admin.UserId, ArchivedAt = DateTime.UnixEpoch.AddDays(i) });
            db.Add(new Liveblog { Slug = "draft", Title = "Title", CreatedById = _admin.UserId });
            await db.SaveChangesAsync();
        }

        var map = await _site.Liveblogs.ListPublicAsync(default);

        Assert.Equal(LiveblogDirectory.MaxListed + 5, map.Count);
        Assert.Contains(("number-3", DateTime.UnixEpoch.AddDays(3)), map);
        Assert.Equal(LiveblogDirectory.MaxListed, (await _site.Liveblogs.ListVisibleAsync(Anonymous, default)).Count);
    }

    [Fact]
    public async Task B5_Every_liveblog_is_on_a_page_of_the_list_live_ones_first()
    {
        await using (var db = await _site.OpenAsync())
        {
            for (var i = 0; i < 130; i++)
            {
                var state = i % 2 == 0 ? LiveblogState.Live : LiveblogState.Archived;
                db.Add(new Liveblog { Slug = $"number-{i}", Title = "Title", State = state, CreatedById = _admin.UserId, StartedAt = DateTime.UnixEpoch, ArchivedAt = DateTime.UnixEpoch });
            }

            await db.SaveChangesAsync();
        }

        var all = new List<LiveblogView>();
        bool hasOlder;
        do
        {
            (var page, hasOlder) = await _site.Liveblogs.ListPageAsync(Anonymous, all is [.., var last] ? last.Id : null, default);
            Assert.InRange(page.Count, 1, LiveblogDirectory.PageSize);
            all.AddRange(page);
        }
        while (hasOlder);

        Assert.Equal((await _site.Liveblogs.ListVisibleAsync(Anonymous, default)).Select(liveblog => liveblog.Id), all.Select(liveblog => liveblog.Id));
        Assert.Equal(130, all.Count);
    }

    [Fact]
    public async Task Only_editors_give_commands()
    {
        var zoe = await _site.AddPersonAsync("Zoe");
        var draft = await _site.Liveblogs.CreateAsync(_admin, "Draft", "draft", default);
        var live = await StartedAsync("live");
        var post = await _site.PostAsync(_admin, live, "text");

        var mine = new PostText("", "mine");
        foreach (var person in new[] { zoe, Anonymous })
        {
            foreach (var id in new[] { draft.Id, live.Id, 999 })
            {
                await RefusedAsync(RefusalCode.Forbidden, () => _site.Liveblogs.StartAsync(person, id, default));
                await RefusedAsync(RefusalCode.Forbidden, () => _site.Liveblogs.ArchiveAsync(person, id, default));
                await RefusedAsync(RefusalCode.Forbidden, () => _site.Liveblogs.NameAsync(person, id, "Mine", "", default));
                await RefusedAsync(RefusalCode.Forbidden, () => _site.Editing.PublishAsync(person, id, Guid.NewGuid(), mine, default));
                await RefusedAsync(RefusalCode.Forbidden, () => _site.Editing.OpenAsync(person, id, post.Id, default));
                await RefusedAsync(RefusalCode.Forbidden, () => _site.Editing.EditAsync(person, id, post.Id, 1, mine, default));
                await RefusedAsync(RefusalCode.Forbidden, () => _site.Editing.DeleteAsync(person, id, post.Id, default));
                await RefusedAsync(RefusalCode.Forbidden, () => _site.Editing.PinAsync(person, id, post.Id, true, default));
                await RefusedAsync(RefusalCode.Forbidden, () => _site.Editing.MarkAsync(person, id, post.Id, true, default));
                await RefusedAsync(RefusalCode.Forbidden, () => _site.Editing.ReadHistoryAsync(person, id, post.Id, default));
                await RefusedAsync(RefusalCode.Forbidden, () => _site.Drafts.SaveAsync(person, id, Guid.NewGuid(), mine, null, default));
                await RefusedAsync(RefusalCode.Forbidden, () => _site.Drafts.ListAsync(person, id, default));
                await RefusedAsync(RefusalCode.Forbidden, () => _site.Drafts.DeleteAsync(person, id, Guid.NewGuid(), default));
                await RefusedAsync(RefusalCode.Forbidden, () => _site.Editors.ListAsync(person, id, default));
                await RefusedAsync(RefusalCode.Forbidden, () => _site.Editors.AddAsync(person, id, "zoe@example.org", default));
                await RefusedAsync(RefusalCode.Forbidden, () => _site.Editors.RemoveAsync(person, id, 1, default));
            }

            await RefusedAsync(RefusalCode.Forbidden, () => _site.Liveblogs.CreateAsync(person, "Mine", "mine", default));
        }

        Assert.Equal([post], (await _site.Posts.ReadAsync(Anonymous, live.Id, null, default)).Posts);
        Assert.Equal(LiveblogState.Draft, (await _site.Liveblogs.FindAsync(_admin, "draft", default))!.State);
    }

    [Fact]
    public async Task A_draft_is_there_for_admins_alone_and_everything_else_for_everybody()
    {
        var zoe = await _site.AddPersonAsync("Zoe");
        var draft = await _site.Liveblogs.CreateAsync(_admin, "Draft", "draft", default);
        var post = await _site.PostAsync(_admin, draft, "secret");
        var live = await StartedAsync("live");
        var archived = await _site.Liveblogs.ArchiveAsync(_admin, (await StartedAsync("archived")).Id, default);

        foreach (var reader in new[] { zoe, Anonymous })
        {
            Assert.Equal([live, archived], await _site.Liveblogs.ListVisibleAsync(reader, default));
            Assert.Null(await _site.Liveblogs.FindAsync(reader, "draft", default));
            await RefusedAsync(RefusalCode.NotFound, () => _site.Posts.ReadAsync(reader, draft.Id, null, default));
            await RefusedAsync(RefusalCode.NotFound, () => _site.Posts.ReadAsync(reader, draft.Id, post.Id + 1, default));
            await RefusedAsync(RefusalCode.NotFound, () => _site.Posts.FindAsync(reader, draft.Id, post.Id, default));
            await RefusedAsync(RefusalCode.NotFound, async () =>
                await _site.Posts.FollowAsync(reader, draft.Id, 0, default).GetAsyncEnumerator().MoveNextAsync());
            Assert.Empty((await _site.Posts.ReadAsync(reader, archived.Id, null, default)).Posts);
        }

        Assert.Equal(["live", "archived", "draft"], (await _site.Liveblogs.ListVisibleAsync(_admin, default)).Select(liveblog => liveblog.Slug));
        Assert.Equal([post], (await _site.Posts.ReadAsync(_admin, draft.Id, null, default)).Posts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("two words")]
    [InlineData("-first")]
    [InlineData("last-")]
    [InlineData("two--hyphens")]
    [InlineData("한국어")]
    [InlineData("line\n")]
    [InlineData("../up")]
    public async Task What_is_no_part_of_an_address_is_refused(string slug) =>
        await RefusedAsync(RefusalCode.Invalid, () => _site.Liveblogs.CreateAsync(_admin, "Title", slug, default));

    [Theory]
    [InlineData(" ")]
    [InlineData("two\nlines")]
    public async Task What_is_no_title_is_refused(string title) =>
        await RefusedAsync(RefusalCode.Invalid, () => _site.Liveblogs.CreateAsync(_admin, title, "slug", default));

    [Fact]
    public async Task Titles_and_addresses_have_their_limits()
    {
        await _site.Liveblogs.CreateAsync(_admin, new string('한', Liveblog.MaxTitleLength), new string('a', Liveblog.MaxSlugLength), default);

        await RefusedAsync(RefusalCode.Invalid, () => _site.Liveblogs.CreateAsync(_admin, new string('x', Liveblog.MaxTitleLength + 1), "b", default));
        await RefusedAsync(RefusalCode.Invalid, () => _site.Liveblogs.CreateAsync(_admin, "x", new string('a', Liveblog.MaxSlugLength + 1), default));
    }

    [Fact]
    public async Task Of_many_who_take_the_same_address_at_once_one_gets_it()
    {
        var attempts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
            await Record.ExceptionAsync(() => _site.Liveblogs.CreateAsync(_admin, $"Number {i}", "taken", default)))));

        Assert.Single(attempts, attempt => attempt is null);
        Assert.All(attempts.OfType<Exception>(), attempt => Assert.Equal(RefusalCode.Conflict, Assert.IsType<RefusedException>(attempt).Code));
    }

    private async Task<LiveblogView> StartedAsync(string slug) =>
        await _site.Liveblogs.StartAsync(_admin, (await _site.Liveblogs.CreateAsync(_admin, slug, slug, default)).Id, default);

    private static async Task RefusedAsync(RefusalCode code, Func<Task> command) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RefusedException>(command)).Code);
}
