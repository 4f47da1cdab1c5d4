using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Directory;
using BlazorChat.Liveblogs.Posts;

namespace BlazorChat.Tests.Liveblogs.Directory;

public sealed class LiveblogDirectoryTests : LiveblogTest
{

    [Fact]
    public async Task A_liveblog_goes_from_draft_to_live_to_archived_and_never_back()
    {
        var draft = await Site.Lifecycle.CreateAsync(Admin, " Launch day ", "launch-day", default);
        Assert.Equal(("launch-day", "Launch day", LiveblogState.Draft, 0), (draft.Slug, draft.Title, draft.State, draft.Revision));
        await RefusedAsync(RefusalCode.Conflict, () => Site.Lifecycle.ArchiveAsync(Admin, draft.Id, default));

        var live = await Site.Lifecycle.StartAsync(Admin, draft.Id, default);
        Assert.Equal(live, await Site.Lifecycle.StartAsync(Admin, draft.Id, default));
        Assert.Equal(LiveblogState.Live, live.State);
        Assert.NotNull(live.StartedAt);

        var archived = await Site.Lifecycle.ArchiveAsync(Admin, draft.Id, default);
        Assert.Equal(archived, await Site.Lifecycle.ArchiveAsync(Admin, draft.Id, default));
        Assert.Equal((LiveblogState.Archived, 1), (archived.State, archived.Revision));
        Assert.NotNull(archived.ArchivedAt);
        await RefusedAsync(RefusalCode.Conflict, () => Site.Lifecycle.StartAsync(Admin, draft.Id, default));
    }

    [Fact]
    public async Task The_sitemap_has_all_public_liveblogs()
    {
        await using (var db = await Site.OpenAsync())
        {
            for (var i = 0; i < 505; i++)
                db.Add(new Liveblog { Slug = $"number-{i}", Title = "Title", State = LiveblogState.Archived, CreatedById = Admin.UserId, ArchivedAt = DateTime.UnixEpoch.AddDays(i) });
            db.Add(new Liveblog { Slug = "draft", Title = "Title", CreatedById = Admin.UserId });
            await db.SaveChangesAsync();
        }

        var map = await Site.Liveblogs.ListPublicAsync(default);

        Assert.Equal(505, map.Count);
        Assert.Contains(("number-3", DateTime.UnixEpoch.AddDays(3)), map);
    }

    [Fact]
    public async Task B5_Every_liveblog_is_on_a_page_of_the_list_live_ones_first()
    {
        await using (var db = await Site.OpenAsync())
        {
            for (var i = 0; i < 130; i++)
            {
                var state = i % 2 == 0 ? LiveblogState.Live : LiveblogState.Archived;
                db.Add(new Liveblog { Slug = $"number-{i}", Title = "Title", State = state, CreatedById = Admin.UserId, StartedAt = DateTime.UnixEpoch, ArchivedAt = DateTime.UnixEpoch });
            }

            await db.SaveChangesAsync();
        }

        var all = new List<LiveblogView>();
        bool hasOlder;
        do
        {
            (var page, hasOlder) = await Site.Liveblogs.ListPageAsync(Anonymous, all is [.., var last] ? last.Id : null, default);
            Assert.InRange(page.Count, 1, LiveblogDirectory.PageSize);
            all.AddRange(page);
        }
        while (hasOlder);

        Assert.Equal(130, all.Distinct().Count());
        Assert.Equal(all.OrderByDescending(liveblog => liveblog.State == LiveblogState.Live).ThenByDescending(liveblog => liveblog.Id), all);
        Assert.Equal(all.Take(3), await Site.Liveblogs.ListOpenAsync(Anonymous, 3, default));
    }

    [Fact]
    public async Task Commands_of_others_than_editors_are_refused()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var draft = await Site.Lifecycle.CreateAsync(Admin, "Draft", "draft", default);
        var live = await Site.StartLiveblogAsync(Admin, "live");
        var post = await Site.PostAsync(Admin, live, "text");

        var mine = new PostText("", "mine");
        foreach (var person in new[] { zoe, Anonymous })
        {
            foreach (var id in new[] { draft.Id, live.Id, 999 })
            {
                await RefusedAsync(RefusalCode.Forbidden, () => Site.Lifecycle.StartAsync(person, id, default));
                await RefusedAsync(RefusalCode.Forbidden, () => Site.Lifecycle.ArchiveAsync(person, id, default));
                await RefusedAsync(RefusalCode.Forbidden, () => Site.Lifecycle.DescribeAsync(person, id, "Mine", "", default));
                await RefusedAsync(RefusalCode.Forbidden, () => Site.Editing.PublishAsync(person, id, Guid.NewGuid(), mine, default));
                await RefusedAsync(RefusalCode.Forbidden, () => Site.Editing.OpenAsync(person, id, post.Id, default));
                await RefusedAsync(RefusalCode.Forbidden, () => Site.Editing.EditAsync(person, id, post.Id, 1, mine, default));
                await RefusedAsync(RefusalCode.Forbidden, () => Site.Editing.DeleteAsync(person, id, post.Id, default));
                await RefusedAsync(RefusalCode.Forbidden, () => Site.Editing.PinAsync(person, id, post.Id, true, default));
                await RefusedAsync(RefusalCode.Forbidden, () => Site.Editing.MarkAsync(person, id, post.Id, true, default));
                await RefusedAsync(RefusalCode.Forbidden, () => Site.Editing.ReadHistoryAsync(person, id, post.Id, default));
                await RefusedAsync(RefusalCode.Forbidden, () => Site.Drafts.SaveAsync(person, id, Guid.NewGuid(), mine, null, default));
                await RefusedAsync(RefusalCode.Forbidden, () => Site.Drafts.ListAsync(person, id, default));
                await RefusedAsync(RefusalCode.Forbidden, () => Site.Drafts.DeleteAsync(person, id, Guid.NewGuid(), default));
                await RefusedAsync(RefusalCode.Forbidden, () => Site.Editors.ListAsync(person, id, default));
                await RefusedAsync(RefusalCode.Forbidden, () => Site.Editors.AddAsync(person, id, "zoe@example.org", default));
                await RefusedAsync(RefusalCode.Forbidden, () => Site.Editors.RemoveAsync(person, id, 1, default));
            }

            await RefusedAsync(RefusalCode.Forbidden, () => Site.Lifecycle.CreateAsync(person, "Mine", "mine", default));
        }

        Assert.Equal([post], (await Site.Posts.ReadAsync(Anonymous, live.Id, null, default)).Posts);
        Assert.Equal(LiveblogState.Draft, (await Site.Liveblogs.FindAsync(Admin, "draft", default))!.State);
    }

    [Fact]
    public async Task A_draft_is_visible_to_admins_and_everything_else_to_everyone()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var draft = await Site.Lifecycle.CreateAsync(Admin, "Draft", "draft", default);
        var post = await Site.PostAsync(Admin, draft, "secret");
        var live = await Site.StartLiveblogAsync(Admin, "live");
        var archived = await Site.Lifecycle.ArchiveAsync(Admin, (await Site.StartLiveblogAsync(Admin, "archived")).Id, default);

        foreach (var reader in new[] { zoe, Anonymous })
        {
            Assert.Equal([live, archived], (await Site.Liveblogs.ListPageAsync(reader, null, default)).Liveblogs);
            Assert.Null(await Site.Liveblogs.FindAsync(reader, "draft", default));
            await RefusedAsync(RefusalCode.NotFound, () => Site.Posts.ReadAsync(reader, draft.Id, null, default));
            await RefusedAsync(RefusalCode.NotFound, () => Site.Posts.ReadAsync(reader, draft.Id, post.Id + 1, default));
            await RefusedAsync(RefusalCode.NotFound, () => Site.Posts.FindAsync(reader, draft.Id, post.Id, default));
            await RefusedAsync(RefusalCode.NotFound, async () =>
                await Site.Posts.FollowAsync(reader, draft.Id, 0, default).GetAsyncEnumerator().MoveNextAsync());
            Assert.Empty((await Site.Posts.ReadAsync(reader, archived.Id, null, default)).Posts);
        }

        Assert.Equal(["live", "archived", "draft"], (await Site.Liveblogs.ListPageAsync(Admin, null, default)).Liveblogs.Select(liveblog => liveblog.Slug));
        Assert.Equal([post], (await Site.Posts.ReadAsync(Admin, draft.Id, null, default)).Posts);
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
    public async Task An_invalid_slug_is_refused(string slug) =>
        await RefusedAsync(RefusalCode.Invalid, () => Site.Lifecycle.CreateAsync(Admin, "Title", slug, default));

    [Theory]
    [InlineData(" ")]
    [InlineData("two\nlines")]
    public async Task An_invalid_title_is_refused(string title) =>
        await RefusedAsync(RefusalCode.Invalid, () => Site.Lifecycle.CreateAsync(Admin, title, "slug", default));

    [Fact]
    public async Task Titles_and_slugs_have_a_longest_length()
    {
        await Site.Lifecycle.CreateAsync(Admin, new string('한', Liveblog.MaxTitleLength), new string('a', Liveblog.MaxSlugLength), default);

        await RefusedAsync(RefusalCode.Invalid, () => Site.Lifecycle.CreateAsync(Admin, new string('x', Liveblog.MaxTitleLength + 1), "b", default));
        await RefusedAsync(RefusalCode.Invalid, () => Site.Lifecycle.CreateAsync(Admin, "x", new string('a', Liveblog.MaxSlugLength + 1), default));
    }

    [Fact]
    public async Task One_of_many_concurrent_creations_with_one_slug_succeeds()
    {
        var attempts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
            await Record.ExceptionAsync(() => Site.Lifecycle.CreateAsync(Admin, $"Number {i}", "taken", default)))));

        Assert.Single(attempts, attempt => attempt is null);
        Assert.All(attempts.OfType<Exception>(), attempt => Assert.Equal(RefusalCode.Conflict, Assert.IsType<RefusedException>(attempt).Code));
    }
}
