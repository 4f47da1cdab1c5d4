using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Storage;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Data.Sqlite;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Editing;
using BlazorChat.Liveblogs.Posts;
using BlazorChat.Tests.Feeds;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Liveblogs.Editing;

public sealed class LiveblogDraftsTests : LiveblogTest
{
    private LiveblogView _liveblog = default!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _liveblog = await Site.StartLiveblogAsync(Admin, "launch");
    }

    [Fact]
    public async Task A_draft_is_saved_changed_and_published_and_not_visible_to_readers_before()
    {
        var id = Guid.NewGuid();
        await Site.Drafts.SaveAsync(Admin, _liveblog.Id, id, new PostText("Secret", ""), null, default);
        await Site.Drafts.SaveAsync(Admin, _liveblog.Id, id, new PostText(" Secret ", "text"), null, default);

        var draft = Assert.Single(await Site.Drafts.ListAsync(Admin, _liveblog.Id, default));
        Assert.Equal((id, new PostText("Secret", "text"), "Ada", null), (draft.Id, draft.Text, draft.AuthorName, draft.ScheduledFor));
        var page = await Site.Posts.ReadAsync(Anonymous, _liveblog.Id, null, default);
        Assert.Equal((0, 0), (page.Posts.Count, page.Liveblog.Revision));

        await Site.Editing.PublishAsync(Admin, _liveblog.Id, id, new PostText("Public", "text"), default);
        Assert.Empty(await Site.Drafts.ListAsync(Admin, _liveblog.Id, default));
        Assert.Equal("Public", Assert.Single((await Site.Posts.ReadAsync(Anonymous, _liveblog.Id, null, default)).Posts).Title);
    }

    [Fact]
    public async Task An_invalid_draft_is_refused()
    {
        var now = TimeProvider.System.GetUtcNow();
        await RefusedAsync(RefusalCode.Invalid, () => SaveAsync(new PostText(" ", " ")));
        await RefusedAsync(RefusalCode.Invalid, () => SaveAsync(new PostText("", new string('x', LiveblogPost.MaxLength + 1))));
        await RefusedAsync(RefusalCode.Invalid, () => SaveAsync(new PostText("two\nlines", "text")));
        await RefusedAsync(RefusalCode.Invalid, () => SaveAsync(new PostText("", "text"), now.AddMinutes(-1)));
        await RefusedAsync(RefusalCode.Invalid, () => SaveAsync(new PostText("Headline alone", ""), now.AddMinutes(1)));
        await Site.Lifecycle.ArchiveAsync(Admin, _liveblog.Id, default);
        await RefusedAsync(RefusalCode.Conflict, () => SaveAsync(new PostText("", "text")));
    }

    [Fact]
    public async Task A_draft_is_deleted_and_one_of_another_liveblog_is_not()
    {
        var other = await Site.Lifecycle.CreateAsync(Admin, "Other", "other", default);
        var (mine, theirs) = (Guid.NewGuid(), Guid.NewGuid());
        await Site.Drafts.SaveAsync(Admin, _liveblog.Id, mine, new PostText("", "mine"), null, default);
        await Site.Drafts.SaveAsync(Admin, other.Id, theirs, new PostText("", "theirs"), null, default);

        await Site.Drafts.DeleteAsync(Admin, _liveblog.Id, mine, default);
        await Site.Drafts.DeleteAsync(Admin, _liveblog.Id, mine, default);
        await Site.Drafts.DeleteAsync(Admin, _liveblog.Id, theirs, default);
        await RefusedAsync(RefusalCode.NotFound, () => Site.Drafts.SaveAsync(Admin, _liveblog.Id, theirs, new PostText("", "mine now"), null, default));

        Assert.Empty(await Site.Drafts.ListAsync(Admin, _liveblog.Id, default));
        Assert.Equal("theirs", Assert.Single(await Site.Drafts.ListAsync(Admin, other.Id, default)).Text.Markdown);
    }

    [Fact]
    public async Task A_scheduled_draft_is_published_at_its_time()
    {
        await using var follower = new Follower<LiveblogChanged>(stop => Site.Posts.FollowAsync(Anonymous, _liveblog.Id, 0, stop));

        await SaveAsync(new PostText("", "on time"), TimeProvider.System.GetUtcNow().AddMilliseconds(500));
        await follower.WaitForAsync(1);

        Assert.Equal(("on time", "Ada"), (follower.Changes[0].Post!.Markdown, follower.Changes[0].Post!.AuthorName));
        Assert.Empty(await Site.Drafts.ListAsync(Admin, _liveblog.Id, default));
    }

    [Fact]
    public async Task Scheduling_a_draft_wakes_the_publisher_of_its_node_at_once()
    {
        var publisher = Publisher(TimeProvider.System);
        var drafts = new LiveblogDrafts(
            Site.Services.GetRequiredService<IDbContextFactory<ChatDbContext>>(), Site.Services.GetRequiredService<LiveblogWriter>(), publisher, TimeProvider.System);
        var at = TimeProvider.System.GetUtcNow().AddMinutes(1);

        var woken = publisher.Scheduled.WaitAsync(Timeout.InfiniteTimeSpan, default);
        await drafts.SaveAsync(Admin, _liveblog.Id, Guid.NewGuid(), new PostText("", "unscheduled"), null, default);
        Assert.False(woken.IsCompleted);
        await drafts.SaveAsync(Admin, _liveblog.Id, Guid.NewGuid(), new PostText("", "one"), at, default);
        await woken.WaitAsync(TestWait.Limit);

        // Any number of drafts that are scheduled while it publishes wake it once more.
        await drafts.SaveAsync(Admin, _liveblog.Id, Guid.NewGuid(), new PostText("", "two"), at, default);
        await drafts.SaveAsync(Admin, _liveblog.Id, Guid.NewGuid(), new PostText("", "three"), at, default);
        await publisher.Scheduled.WaitAsync(Timeout.InfiniteTimeSpan, default).WaitAsync(TestWait.Limit);
        Assert.False(publisher.Scheduled.WaitAsync(Timeout.InfiniteTimeSpan, default).IsCompleted);
    }

    [Fact]
    public async Task Many_nodes_publish_each_draft_once_ordered_by_time()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        for (var i = 0; i < 20; i++)
            await SaveAsync(new PostText("", $"{i}"), time.GetUtcNow().AddMinutes(10 + i));
        var publisher = Publisher(time);
        Assert.Equal(time.GetUtcNow().AddMinutes(10), (await publisher.PublishDueAsync(default))!.Value, TimeSpan.FromMilliseconds(1));

        time.Advance(TimeSpan.FromMinutes(19.5));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Publisher(time).PublishDueAsync(default))));

        var posts = (await Site.Posts.ReadAsync(Anonymous, _liveblog.Id, null, default)).Posts;
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), posts.Select(post => post.Markdown).Reverse());
        Assert.Equal(10, (await Site.Drafts.ListAsync(Admin, _liveblog.Id, default)).Count);
    }

    [Fact]
    public async Task A_draft_that_may_no_longer_be_published_stays_a_draft_without_a_time()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var zoe = await Site.AddPersonAsync("Zoe");
        await Site.Editors.AddAsync(Admin, _liveblog.Id, "zoe@example.org", default);
        await Site.Drafts.SaveAsync(zoe, _liveblog.Id, Guid.NewGuid(), new PostText("", "Zoe's"), time.GetUtcNow().AddMinutes(1), default);
        await SaveAsync(new PostText("", "Ada's"), time.GetUtcNow().AddMinutes(5));
        await Site.Editors.RemoveAsync(Admin, _liveblog.Id, zoe.UserId, default);

        time.Advance(TimeSpan.FromMinutes(2));
        await Publisher(time).PublishDueAsync(default);
        await Site.Lifecycle.ArchiveAsync(Admin, _liveblog.Id, default);
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(await Publisher(time).PublishDueAsync(default));

        Assert.Empty((await Site.Posts.ReadAsync(Anonymous, _liveblog.Id, null, default)).Posts);
        Assert.Equal([null, null], (await Site.Drafts.ListAsync(Admin, _liveblog.Id, default)).Select(draft => draft.ScheduledFor));
    }

    [Fact]
    public async Task G5_The_author_of_a_scheduled_draft_is_the_editor_who_saved_it_last()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var zoe = await Site.AddPersonAsync("Zoe");
        await Site.Editors.AddAsync(Admin, _liveblog.Id, "zoe@example.org", default);
        var id = Guid.NewGuid();
        await Site.Drafts.SaveAsync(Admin, _liveblog.Id, id, new PostText("", "Ada's"), time.GetUtcNow().AddMinutes(1), default);
        await Site.Drafts.SaveAsync(zoe, _liveblog.Id, id, new PostText("", "Zoe's"), time.GetUtcNow().AddMinutes(1), default);
        Assert.Equal("Zoe", Assert.Single(await Site.Drafts.ListAsync(Admin, _liveblog.Id, default)).AuthorName);

        time.Advance(TimeSpan.FromMinutes(2));
        await Publisher(time).PublishDueAsync(default);

        var post = Assert.Single((await Site.Posts.ReadAsync(Anonymous, _liveblog.Id, null, default)).Posts);
        Assert.Equal(("Zoe's", "Zoe"), (post.Markdown, post.AuthorName));
        Assert.Equal("Zoe", Assert.Single(await Site.Editing.ReadHistoryAsync(Admin, _liveblog.Id, post.Id, default)).WrittenBy);
    }

    [Fact]
    public async Task G5_The_right_of_the_editor_who_saved_it_last_decides_whether_it_is_published()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var zoe = await Site.AddPersonAsync("Zoe");
        await Site.Editors.AddAsync(Admin, _liveblog.Id, "zoe@example.org", default);
        var (theirs, ours) = (Guid.NewGuid(), Guid.NewGuid());
        await Site.Drafts.SaveAsync(Admin, _liveblog.Id, theirs, new PostText("", "saved by Zoe"), time.GetUtcNow().AddMinutes(1), default);
        await Site.Drafts.SaveAsync(zoe, _liveblog.Id, theirs, new PostText("", "saved by Zoe"), time.GetUtcNow().AddMinutes(1), default);
        await Site.Drafts.SaveAsync(zoe, _liveblog.Id, ours, new PostText("", "saved by Ada"), time.GetUtcNow().AddMinutes(1), default);
        await Site.Drafts.SaveAsync(Admin, _liveblog.Id, ours, new PostText("", "saved by Ada"), time.GetUtcNow().AddMinutes(1), default);
        await Site.Editors.RemoveAsync(Admin, _liveblog.Id, zoe.UserId, default);

        time.Advance(TimeSpan.FromMinutes(2));
        await Publisher(time).PublishDueAsync(default);

        Assert.Equal("saved by Ada", Assert.Single((await Site.Posts.ReadAsync(Anonymous, _liveblog.Id, null, default)).Posts).Markdown);
        var kept = Assert.Single(await Site.Drafts.ListAsync(Admin, _liveblog.Id, default));
        Assert.Equal((theirs, null), (kept.Id, kept.ScheduledFor));
    }

    [Fact]
    public async Task F8_A_draft_that_cannot_be_published_does_not_delay_others()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The trigger is in the syntax of SQLite.");
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        // More than one page of due drafts.
        for (var i = 0; i < 60; i++)
            await SaveAsync(new PostText("", "fails"), time.GetUtcNow().AddMinutes(1));
        await SaveAsync(new PostText("", "good"), time.GetUtcNow().AddMinutes(2));
        await SaveAsync(new PostText("", "later"), time.GetUtcNow().AddMinutes(10));
        await using (var db = await Site.OpenAsync())
        {
            await db.Database.ExecuteSqlRawAsync(
                "CREATE TRIGGER fails BEFORE INSERT ON LiveblogPosts WHEN NEW.Markdown = 'fails' BEGIN SELECT RAISE(ABORT, 'by the test'); END");
        }

        time.Advance(TimeSpan.FromMinutes(5));
        var log = new LogRecorder();
        var next = await Publisher(time, log).PublishDueAsync(default);

        Assert.Single(log.Lines);
        Assert.Equal("good", Assert.Single((await Site.Posts.ReadAsync(Anonymous, _liveblog.Id, null, default)).Posts).Markdown);
        Assert.Equal(time.GetUtcNow().AddMinutes(5), next!.Value, TimeSpan.FromMilliseconds(1));
        // They stay scheduled, to be retried.
        Assert.Equal(61, (await Site.Drafts.ListAsync(Admin, _liveblog.Id, default)).Count(draft => draft.ScheduledFor is not null));
    }

    [Fact]
    public async Task F8_A_full_disk_ends_the_attempt_and_is_not_logged_for_a_draft()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "SQL Server has its own disk.");
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await SaveAsync(new PostText("", "text"), time.GetUtcNow().AddMinutes(1));
        time.Advance(TimeSpan.FromMinutes(2));
        var disk = new DiskGuard(Site.DataFolder, new FullDisk(), Options.Create(new DataOptions()), time, NullLogger<DiskGuard>.Instance) { IsOn = true };
        var log = new LogRecorder();

        await Assert.ThrowsAsync<RefusedException>(
            () => Publisher(time, log, new InterceptedDatabase(Site.DataFolder, new DiskInterceptor(disk))).PublishDueAsync(default));

        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task F8_A_draft_with_an_invalid_text_stays_a_draft_without_a_time()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await SaveAsync(new PostText("", "text"), time.GetUtcNow().AddMinutes(1));
        await using (var db = await Site.OpenAsync())
            await db.LiveblogDrafts.ExecuteUpdateAsync(draft => draft.SetProperty(d => d.Markdown, " "));

        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(await Publisher(time).PublishDueAsync(default));

        Assert.Null(Assert.Single(await Site.Drafts.ListAsync(Admin, _liveblog.Id, default)).ScheduledFor);
    }

    private Task SaveAsync(PostText text, DateTimeOffset? at = null) =>
        Site.Drafts.SaveAsync(Admin, _liveblog.Id, Guid.NewGuid(), text, at, default);

    /// <summary>The publisher of a node with a clock of the test.</summary>
    private DraftPublisher Publisher(TimeProvider time, LogRecorder? log = null, IDbContextFactory<ChatDbContext>? databases = null)
    {
        var services = Site.Services;
        databases ??= services.GetRequiredService<IDbContextFactory<ChatDbContext>>();
        var writer = new LiveblogWriter(
            databases, services.GetRequiredService<LiveblogSearchFollower>(), services.GetRequiredService<CommandLimit>(), services.GetRequiredService<IChannelLayer>());
        var editing = new PostEditing(databases, writer, services.GetRequiredService<AttachmentCleaner>(), time);
        var logger = LoggerFactory.Create(logging => logging.AddProvider(log ?? new LogRecorder())).CreateLogger<DraftPublisher>();
        return new DraftPublisher(databases, writer, editing, time, logger);
    }

    private sealed class FullDisk : IFreeSpace
    {
        public long Of(string folder) => 0;
    }
}
