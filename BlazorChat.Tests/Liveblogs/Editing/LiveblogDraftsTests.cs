using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Storage;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Sqlite;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Editing;
using BlazorChat.Liveblogs.Posts;
using BlazorChat.Tests.Feeds;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Liveblogs.Editing;

public sealed class LiveblogDraftsTests : IAsyncLifetime
{
    private static readonly ClaimsPrincipal Anonymous = new(new ClaimsIdentity());

    private TestDatabase _site = default!;
    private ClaimsPrincipal _admin = default!;
    private LiveblogView _liveblog = default!;

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _admin = await _site.AddPersonAsync("Ada", isAdmin: true);
        _liveblog = await _site.Liveblogs.StartAsync(_admin, (await _site.Liveblogs.CreateAsync(_admin, "Launch", "launch", default)).Id, default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_draft_is_kept_changed_and_published_and_no_reader_meets_it_before()
    {
        var id = Guid.NewGuid();
        await _site.Drafts.SaveAsync(_admin, _liveblog.Id, id, new PostText("Secret", ""), null, default);
        await _site.Drafts.SaveAsync(_admin, _liveblog.Id, id, new PostText(" Secret ", "text"), null, default);

        var draft = Assert.Single(await _site.Drafts.ListAsync(_admin, _liveblog.Id, default));
        Assert.Equal((id, new PostText("Secret", "text"), "Ada", null), (draft.Id, draft.Text, draft.AuthorName, draft.ScheduledFor));
        var page = await _site.Posts.ReadAsync(Anonymous, _liveblog.Id, null, default);
        Assert.Equal((0, 0), (page.Posts.Count, page.Liveblog.Revision));

        await _site.Editing.PublishAsync(_admin, _liveblog.Id, id, new PostText("Public", "text"), default);
        Assert.Empty(await _site.Drafts.ListAsync(_admin, _liveblog.Id, default));
        Assert.Equal("Public", Assert.Single((await _site.Posts.ReadAsync(Anonymous, _liveblog.Id, null, default)).Posts).Title);
    }

    [Fact]
    public async Task What_cannot_be_a_draft_is_refused()
    {
        var now = TimeProvider.System.GetUtcNow();
        await RefusedAsync(RefusalCode.Invalid, () => SaveAsync(new PostText(" ", " ")));
        await RefusedAsync(RefusalCode.Invalid, () => SaveAsync(new PostText("", new string('x', LiveblogPost.MaxLength + 1))));
        await RefusedAsync(RefusalCode.Invalid, () => SaveAsync(new PostText("two\nlines", "text")));
        await RefusedAsync(RefusalCode.Invalid, () => SaveAsync(new PostText("", "text"), now.AddMinutes(-1)));
        await RefusedAsync(RefusalCode.Invalid, () => SaveAsync(new PostText("Headline alone", ""), now.AddMinutes(1)));
        await _site.Liveblogs.ArchiveAsync(_admin, _liveblog.Id, default);
        await RefusedAsync(RefusalCode.Conflict, () => SaveAsync(new PostText("", "text")));
    }

    [Fact]
    public async Task A_discarded_draft_is_gone_and_one_of_another_liveblog_stays()
    {
        var other = await _site.Liveblogs.CreateAsync(_admin, "Other", "other", default);
        var (mine, theirs) = (Guid.NewGuid(), Guid.NewGuid());
        await _site.Drafts.SaveAsync(_admin, _liveblog.Id, mine, new PostText("", "mine"), null, default);
        await _site.Drafts.SaveAsync(_admin, other.Id, theirs, new PostText("", "theirs"), null, default);

        await _site.Drafts.DeleteAsync(_admin, _liveblog.Id, mine, default);
        await _site.Drafts.DeleteAsync(_admin, _liveblog.Id, mine, default);
        await _site.Drafts.DeleteAsync(_admin, _liveblog.Id, theirs, default);
        await RefusedAsync(RefusalCode.NotFound, () => _site.Drafts.SaveAsync(_admin, _liveblog.Id, theirs, new PostText("", "mine now"), null, default));

        Assert.Empty(await _site.Drafts.ListAsync(_admin, _liveblog.Id, default));
        Assert.Equal("theirs", Assert.Single(await _site.Drafts.ListAsync(_admin, other.Id, default)).Text.Markdown);
    }

    [Fact]
    public async Task What_is_scheduled_is_published_by_itself_when_its_time_has_come()
    {
        await using var follower = new Follower<LiveblogChanged>(stop => _site.Posts.FollowAsync(Anonymous, _liveblog.Id, 0, stop));

        await SaveAsync(new PostText("", "on time"), TimeProvider.System.GetUtcNow().AddMilliseconds(500));
        await follower.WaitForAsync(1);

        Assert.Equal(("on time", "Ada"), (follower.Changes[0].Post!.Markdown, follower.Changes[0].Post!.AuthorName));
        Assert.Empty(await _site.Drafts.ListAsync(_admin, _liveblog.Id, default));
    }

    [Fact]
    public async Task The_schedule_hears_at_once_of_what_its_node_schedules()
    {
        var drafts = Scheduler(TimeProvider.System);
        var at = TimeProvider.System.GetUtcNow().AddMinutes(1);

        var heard = drafts.WaitAsync(Timeout.InfiniteTimeSpan, default);
        await drafts.SaveAsync(_admin, _liveblog.Id, Guid.NewGuid(), new PostText("", "for nobody's time"), null, default);
        Assert.False(heard.IsCompleted);
        await drafts.SaveAsync(_admin, _liveblog.Id, Guid.NewGuid(), new PostText("", "one"), at, default);
        await heard.WaitAsync(TestWait.Limit);

        // What is scheduled while it looks is one more reason to look, however much it is.
        await drafts.SaveAsync(_admin, _liveblog.Id, Guid.NewGuid(), new PostText("", "two"), at, default);
        await drafts.SaveAsync(_admin, _liveblog.Id, Guid.NewGuid(), new PostText("", "three"), at, default);
        await drafts.WaitAsync(Timeout.InfiniteTimeSpan, default).WaitAsync(TestWait.Limit);
        Assert.False(drafts.WaitAsync(Timeout.InfiniteTimeSpan, default).IsCompleted);
    }

    [Fact]
    public async Task Many_nodes_publish_each_draft_once_in_the_order_of_their_times()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        for (var i = 0; i < 20; i++)
            await SaveAsync(new PostText("", $"{i}"), time.GetUtcNow().AddMinutes(10 + i));
        var schedule = Scheduler(time);
        Assert.Equal(time.GetUtcNow().AddMinutes(10), (await schedule.PublishDueAsync(default))!.Value, TimeSpan.FromMilliseconds(1));

        time.Advance(TimeSpan.FromMinutes(19.5));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Scheduler(time).PublishDueAsync(default))));

        var posts = (await _site.Posts.ReadAsync(Anonymous, _liveblog.Id, null, default)).Posts;
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), posts.Select(post => post.Markdown).Reverse());
        Assert.Equal(10, (await _site.Drafts.ListAsync(_admin, _liveblog.Id, default)).Count);
    }

    [Fact]
    public async Task What_nobody_may_publish_any_more_loses_its_time_and_stays_a_draft()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var zoe = await _site.AddPersonAsync("Zoe");
        await _site.Editors.AddAsync(_admin, _liveblog.Id, "zoe@example.org", default);
        await _site.Drafts.SaveAsync(zoe, _liveblog.Id, Guid.NewGuid(), new PostText("", "Zoe's"), time.GetUtcNow().AddMinutes(1), default);
        await SaveAsync(new PostText("", "Ada's"), time.GetUtcNow().AddMinutes(5));
        await _site.Editors.RemoveAsync(_admin, _liveblog.Id, zoe.UserId, default);

        time.Advance(TimeSpan.FromMinutes(2));
        await Scheduler(time).PublishDueAsync(default);
        await _site.Liveblogs.ArchiveAsync(_admin, _liveblog.Id, default);
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(await Scheduler(time).PublishDueAsync(default));

        Assert.Empty((await _site.Posts.ReadAsync(Anonymous, _liveblog.Id, null, default)).Posts);
        Assert.Equal([null, null], (await _site.Drafts.ListAsync(_admin, _liveblog.Id, default)).Select(draft => draft.ScheduledFor));
    }

    [Fact]
    public async Task G5_A_scheduled_draft_is_published_in_the_name_of_the_editor_who_saved_it_last()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var zoe = await _site.AddPersonAsync("Zoe");
        await _site.Editors.AddAsync(_admin, _liveblog.Id, "zoe@example.org", default);
        var id = Guid.NewGuid();
        await _site.Drafts.SaveAsync(_admin, _liveblog.Id, id, new PostText("", "Ada's"), time.GetUtcNow().AddMinutes(1), default);
        await _site.Drafts.SaveAsync(zoe, _liveblog.Id, id, new PostText("", "Zoe's"), time.GetUtcNow().AddMinutes(1), default);
        Assert.Equal("Zoe", Assert.Single(await _site.Drafts.ListAsync(_admin, _liveblog.Id, default)).AuthorName);

        time.Advance(TimeSpan.FromMinutes(2));
        await Scheduler(time).PublishDueAsync(default);

        var post = Assert.Single((await _site.Posts.ReadAsync(Anonymous, _liveblog.Id, null, default)).Posts);
        Assert.Equal(("Zoe's", "Zoe"), (post.Markdown, post.AuthorName));
        Assert.Equal("Zoe", Assert.Single(await _site.Editing.ReadHistoryAsync(_admin, _liveblog.Id, post.Id, default)).WrittenBy);
    }

    [Fact]
    public async Task G5_The_right_of_the_editor_who_saved_it_last_decides_whether_it_is_published()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var zoe = await _site.AddPersonAsync("Zoe");
        await _site.Editors.AddAsync(_admin, _liveblog.Id, "zoe@example.org", default);
        var (theirs, ours) = (Guid.NewGuid(), Guid.NewGuid());
        await _site.Drafts.SaveAsync(_admin, _liveblog.Id, theirs, new PostText("", "saved by Zoe"), time.GetUtcNow().AddMinutes(1), default);
        await _site.Drafts.SaveAsync(zoe, _liveblog.Id, theirs, new PostText("", "saved by Zoe"), time.GetUtcNow().AddMinutes(1), default);
        await _site.Drafts.SaveAsync(zoe, _liveblog.Id, ours, new PostText("", "saved by Ada"), time.GetUtcNow().AddMinutes(1), default);
        await _site.Drafts.SaveAsync(_admin, _liveblog.Id, ours, new PostText("", "saved by Ada"), time.GetUtcNow().AddMinutes(1), default);
        await _site.Editors.RemoveAsync(_admin, _liveblog.Id, zoe.UserId, default);

        time.Advance(TimeSpan.FromMinutes(2));
        await Scheduler(time).PublishDueAsync(default);

        Assert.Equal("saved by Ada", Assert.Single((await _site.Posts.ReadAsync(Anonymous, _liveblog.Id, null, default)).Posts).Markdown);
        var kept = Assert.Single(await _site.Drafts.ListAsync(_admin, _liveblog.Id, default));
        Assert.Equal((theirs, null), (kept.Id, kept.ScheduledFor));
    }

    [Fact]
    public async Task F8_A_draft_that_cannot_be_published_holds_up_no_other_one()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The trigger is SQLite's.");
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        // More than one read of due drafts finds at once.
        for (var i = 0; i < 60; i++)
            await SaveAsync(new PostText("", "fails"), time.GetUtcNow().AddMinutes(1));
        await SaveAsync(new PostText("", "good"), time.GetUtcNow().AddMinutes(2));
        await SaveAsync(new PostText("", "later"), time.GetUtcNow().AddMinutes(10));
        await using (var db = await _site.OpenAsync())
        {
            await db.Database.ExecuteSqlRawAsync(
                "CREATE TRIGGER fails BEFORE INSERT ON LiveblogPosts WHEN NEW.Markdown = 'fails' BEGIN SELECT RAISE(ABORT, 'by the test'); END");
        }

        time.Advance(TimeSpan.FromMinutes(5));
        var log = new LogRecorder();
        var next = await Scheduler(time, log).PublishDueAsync(default);

        Assert.Single(log.Lines);
        Assert.Equal("good", Assert.Single((await _site.Posts.ReadAsync(Anonymous, _liveblog.Id, null, default)).Posts).Markdown);
        Assert.Equal(time.GetUtcNow().AddMinutes(5), next!.Value, TimeSpan.FromMilliseconds(1));
        // They are tried again.
        Assert.Equal(61, (await _site.Drafts.ListAsync(_admin, _liveblog.Id, default)).Count(draft => draft.ScheduledFor is not null));
    }

    [Fact]
    public async Task F8_A_full_disk_ends_the_attempt_and_is_no_fault_of_a_draft()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "Its disk is its own.");
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await SaveAsync(new PostText("", "text"), time.GetUtcNow().AddMinutes(1));
        time.Advance(TimeSpan.FromMinutes(2));
        var disk = new DiskGuard(_site.DataFolder, new FullDisk(), Options.Create(new DataOptions()), time, NullLogger<DiskGuard>.Instance) { IsOn = true };
        var log = new LogRecorder();

        await Assert.ThrowsAsync<RefusedException>(
            () => Scheduler(time, log, new InterceptedDatabase(_site.DataFolder, new DiskInterceptor(disk))).PublishDueAsync(default));

        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task F8_A_draft_whose_text_is_refused_loses_its_time()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await SaveAsync(new PostText("", "text"), time.GetUtcNow().AddMinutes(1));
        await using (var db = await _site.OpenAsync())
            await db.LiveblogDrafts.ExecuteUpdateAsync(draft => draft.SetProperty(d => d.Markdown, " "));

        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(await Scheduler(time).PublishDueAsync(default));

        Assert.Null(Assert.Single(await _site.Drafts.ListAsync(_admin, _liveblog.Id, default)).ScheduledFor);
    }

    private Task SaveAsync(PostText text, DateTimeOffset? at = null) =>
        _site.Drafts.SaveAsync(_admin, _liveblog.Id, Guid.NewGuid(), text, at, default);

    /// <summary>A node's schedule at a time of the test's own.</summary>
    private LiveblogDrafts Scheduler(TimeProvider time, LogRecorder? log = null, IDbContextFactory<ChatDbContext>? databases = null)
    {
        var services = _site.Services;
        databases ??= services.GetRequiredService<IDbContextFactory<ChatDbContext>>();
        var layer = services.GetRequiredService<IChannelLayer>();
        var writer = new LiveblogWriter(databases, layer);
        var commands = services.GetRequiredService<CommandLimit>();
        var editing = new PostEditing(databases, writer, services.GetRequiredService<AttachmentCleaner>(), commands, layer, time);
        var logger = LoggerFactory.Create(logging => logging.AddProvider(log ?? new LogRecorder())).CreateLogger<LiveblogDrafts>();
        return new LiveblogDrafts(databases, writer, editing, commands, layer, time, logger);
    }

    private static async Task RefusedAsync(RefusalCode code, Func<Task> command) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RefusedException>(command)).Code);

    private sealed class FullDisk : IFreeSpace
    {
        public long Of(string folder) => 0;
    }
}
