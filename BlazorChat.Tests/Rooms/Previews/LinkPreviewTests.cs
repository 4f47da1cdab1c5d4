using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Links;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Links;
using BlazorChat.Rooms.Messages.Writing;
using BlazorChat.Rooms.Previews;
using BlazorChat.Rooms.Previews.Fetching;
using BlazorChat.Tests.Feeds;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Rooms.Previews;

/// <summary>Previews as rows and as changes of their messages. Only a test looks links up.</summary>
public sealed class LinkPreviewTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow().AddDays(30));
    private WebPages _pages = default!;
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    private MessagePreviews Previews => _site.Services.GetRequiredService<MessagePreviews>();

    public async ValueTask InitializeAsync()
    {
        _pages = await WebPages.StartAsync();
        _pages.AddHtml("/news", "<title>News</title><meta name=description content=Today><meta property=og:image content=/p.png>");
        _pages.AddHtml("/more", "<title>More</title>");
        _pages.Add("/p.png", TestPictures.Png(64, 48), "image/png");
        _site = await TestDatabase.CreateAsync(null, _time, [.. _pages.Settings, "LinkPreviews:PerPersonAndMinute=3"]);
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
        _room = await _site.Rooms.CreateAsync(_ada, "Room", default);
        await _site.Rooms.JoinAsync(_zoe, _room.Id, default);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await _pages.DisposeAsync();
    }

    [Fact]
    public async Task A_preview_is_a_change_of_its_message_but_no_edit_and_nothing_unread_and_an_address_is_looked_up_once()
    {
        await using var follower = new Follower<MessageChanged>(stop => _site.Conversation.FollowAsync(_zoe, _room.Id, 0, stop));
        var sent = await SendAsync($"see {_pages.Of("/news#a")}");
        Assert.Null(sent.Previews);
        Assert.Equal(0, _pages.CountOf("/news"));
        // A follower that is late receives only what a message is by then.
        await follower.WaitForAsync(1);

        await DispatchAsync();
        await SendAsync($"again {_pages.Of("/news")}");
        await follower.WaitForAsync(3);
        await DispatchAsync();

        await follower.WaitForAsync(4);
        Assert.Equal([(1, 0), (1, 1), (2, 0), (2, 1)], follower.Changes.Select(change => (change.Message.Sequence, change.Message.Previews?.Count ?? 0)));
        var shown = follower.Changes[1].Message;
        var preview = Assert.Single(shown.Previews!);
        Assert.Equal((_pages.Of("/news#a"), "News", "Today", "127.0.0.1", 64, 48), (preview.Url, preview.Title, preview.Text, preview.Site, preview.PictureWidth, preview.PictureHeight));
        Assert.Equal((null, sent.Html), (shown.EditedAt, shown.Html));
        Assert.Equal(preview.Id, follower.Changes[3].Message.Previews![0].Id);
        Assert.Equal(1, _pages.CountOf("/news"));
        Assert.Equal(2, (await _site.Rooms.FindAsync(_ada, _room.Id, default))!.LastSequence);
        Assert.Equal([1, 1], (await _site.Conversation.ReadLatestAsync(_zoe, _room.Id, default)).Messages.Select(message => message.Previews!.Count));

        // A repeated send, a reaction and another read have it too.
        Assert.Single((await _site.Conversation.SendAsync(_ada, _room.Id, sent.ClientMessageId, sent.Markdown, default)).Previews!);
    }

    [Fact]
    public async Task Those_without_a_preview_never_change_and_what_may_pass_is_tried_a_few_times()
    {
        _pages.Add("/failing", context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        await SendAsync($"{_pages.Of("/failing")} {_pages.Of("/missing")} <{_pages.Of("/news")}>");
        await DispatchAsync();
        Assert.Equal((1, 1, 0), (_pages.CountOf("/failing"), _pages.CountOf("/missing"), _pages.CountOf("/news")));
        await SendAsync(_pages.Of("/missing"));
        await DispatchAsync();

        foreach (var delay in LinkDispatcher.RetryDelays)
        {
            await DispatchAsync();
            _time.Advance(delay);
            await DispatchAsync();
        }

        _time.Advance(TimeSpan.FromHours(1));
        await DispatchAsync();
        Assert.Equal((3, 1), (_pages.CountOf("/failing"), _pages.CountOf("/missing")));
        Assert.Equal((0, 2), (await CountDueAsync(), await RevisionAsync()));

        // After a day it is looked up again.
        _time.Advance(LinkLookups.KeepNothing);
        _pages.AddHtml("/failing", "<title>Back</title>");
        await SendAsync(_pages.Of("/failing"));
        await DispatchAsync();
        Assert.Equal("Back", (await FindAsync(3)).Previews![0].Title);
    }

    [Fact]
    public async Task An_edit_adds_and_removes_previews_and_a_deletion_removes_all()
    {
        await SendAsync(_pages.Of("/news"));
        await DispatchAsync();

        Assert.Equal(["News"], TitlesOf(await EditAsync($"{_pages.Of("/more")} and {_pages.Of("/news")}")));
        await DispatchAsync();
        Assert.Equal(["More", "News"], TitlesOf(await FindAsync(1)));
        Assert.Equal(["More"], TitlesOf(await EditAsync($"only {_pages.Of("/more")}")));
        Assert.Empty(TitlesOf(await EditAsync("no link")));
        Assert.Equal(0, await CountAsync(db => db.MessageLinks));
        await EditAsync($"{_pages.Of("/news")} {_pages.Of("/more")}");
        await DispatchAsync();
        Assert.Equal(["News", "More"], TitlesOf(await FindAsync(1)));
        Assert.Equal((1, 1), (_pages.CountOf("/news"), _pages.CountOf("/more")));

        var deleted = await _site.Conversation.DeleteAsync(_ada, _room.Id, 1, default);
        Assert.Null(deleted.Previews);
        Assert.Equal(0, await CountAsync(db => db.MessageLinks));
        await DispatchAsync();
        Assert.Null((await FindAsync(1)).Previews);
    }

    [Fact]
    public async Task A_link_that_is_edited_away_or_deleted_while_it_is_looked_up_stays_away()
    {
        var first = _pages.AddStalled("/a");
        var second = _pages.AddStalled("/b");
        await SendAsync(_pages.Of("/a"));
        await SendAsync(_pages.Of("/b"));
        var looking = Task.WhenAll(DispatchAsync(), DispatchAsync());
        await _pages.RequestedAsync("/a");
        await _pages.RequestedAsync("/b");

        await EditAsync("changed");
        await _site.Conversation.DeleteAsync(_ada, _room.Id, 2, default);
        first.SetResult();
        second.SetResult();
        await looking.WaitAsync(TestWait.Limit);

        Assert.Equal((4, null, null), (await RevisionAsync(), (await FindAsync(1)).Previews, (await FindAsync(2)).Previews));
        Assert.Equal(0, await CountAsync(db => db.MessageLinks));
    }

    [Fact]
    public async Task An_author_removes_a_preview_for_good_and_an_owner_those_of_others_and_repeats_change_nothing()
    {
        await _site.Conversation.SendAsync(_zoe, _room.Id, Guid.NewGuid(), $"{_pages.Of("/news")} {_pages.Of("/more")}", default);
        await SendAsync(_pages.Of("/news"));
        await DispatchAsync();
        var news = (await FindAsync(1)).Previews![0].Id;

        var removed = await Previews.RemoveAsync(_zoe, _room.Id, 1, news, default);
        Assert.Equal(["More"], TitlesOf(removed));
        Assert.Null(removed.EditedAt);
        Assert.Equal(removed.Revision, (await Previews.RemoveAsync(_zoe, _room.Id, 1, news, default)).Revision);
        Assert.Equal(removed.Revision, (await Previews.RemoveAsync(_zoe, _room.Id, 1, Guid.NewGuid(), default)).Revision);
        // An edit that keeps the link does not bring it back.
        var edited = await _site.Conversation.EditAsync(_zoe, _room.Id, 1, $"{_pages.Of("/news")} {_pages.Of("/more")}!", default);
        await DispatchAsync();
        Assert.Equal(["More"], TitlesOf(edited));
        Assert.Equal(["More"], TitlesOf(await FindAsync(1)));

        Assert.Equal(
            "Only the author, the room's owner or an admin can remove a preview.",
            (await Assert.ThrowsAsync<RefusedException>(() => Previews.RemoveAsync(_zoe, _room.Id, 2, null, default))).Message);
        Assert.Null((await Previews.RemoveAsync(_ada, _room.Id, 1, null, default)).Previews);
        Assert.Equal(["News"], TitlesOf(await FindAsync(2)));
    }

    [Fact]
    public async Task All_previews_are_also_those_that_are_not_there_yet()
    {
        await SendAsync($"{_pages.Of("/news")} {_pages.Of("/more")}");

        Assert.Null((await Previews.RemoveAsync(_ada, _room.Id, 1, null, default)).Previews);
        await DispatchAsync();

        Assert.Null((await FindAsync(1)).Previews);
        Assert.Equal((0, 0, 0), (await CountDueAsync(), _pages.CountOf("/news"), _pages.CountOf("/more")));
    }

    [Fact]
    public async Task A_card_leads_to_the_place_that_an_edit_names()
    {
        await SendAsync(_pages.Of("/news#a"));
        await DispatchAsync();

        Assert.Equal(_pages.Of("/news#b"), Assert.Single((await EditAsync(_pages.Of("/news#b"))).Previews!).Url);
        Assert.Equal(_pages.Of("/news#b"), Assert.Single((await FindAsync(1)).Previews!).Url);
    }

    [Fact]
    public async Task A_person_has_a_number_of_links_that_wait_and_a_step_delays_some_of_them()
    {
        await SendAsync(_pages.Of("/news"));
        await using (var db = await _site.OpenAsync())
        {
            var link = await db.MessageLinks.AsNoTracking().SingleAsync();
            db.AddRange(Enumerable.Range(0, MessageLink.MaxWaiting - 2).Select(i => new MessageLink
            {
                RoomId = link.RoomId,
                Sequence = link.Sequence,
                AddressKey = $"{i}",
                Address = _pages.Of($"/{i}"),
                AuthorId = link.AuthorId,
                DueAt = link.DueAt,
            }));
            await db.SaveChangesAsync();
        }

        await SendAsync($"{_pages.Of("/more")} {_pages.Of("/missing")}");
        Assert.Equal(MessageLink.MaxWaiting, await CountDueAsync());
        await _site.Conversation.SendAsync(_zoe, _room.Id, Guid.NewGuid(), _pages.Of("/more"), default);
        Assert.Equal(MessageLink.MaxWaiting + 1, await CountDueAsync());

        await _site.Services.GetRequiredService<LinkLookups>().DelayAsync([_ada.UserId], default);
        var now = _time.GetUtcNow().UtcDateTime;
        Assert.Equal(LinkLookups.BatchSize, await CountAsync(db => db.MessageLinks.Where(link => link.DueAt > now)));
    }

    [Fact]
    public async Task A_lookup_that_fails_in_this_server_has_found_nothing_and_the_log_names_no_address()
    {
        var services = _site.Services;
        var options = services.GetRequiredService<IOptions<LinkPreviewOptions>>();
        var client = new PageClient(options, services.GetRequiredService<IConfiguration>());
        client.Dispose();
        var fetcher = new PreviewFetcher(client, services.GetRequiredService<PictureScaler>(), services.GetRequiredService<UploadQuota>(), options, _time);
        await SendAsync(_pages.Of("/news"));

        Assert.True(await CreateNode(fetcher).DispatchAsync(default));

        Assert.Equal((0, 0), (await CountDueAsync(), _pages.CountOf("/news")));
        Assert.Equal(1, await CountAsync(db => db.LinkLookups.Where(lookup => lookup.ExpiresAt != null && lookup.PreviewId == null)));
    }

    [Fact]
    public async Task Beyond_their_bytes_previews_have_no_picture()
    {
        await using var small = await TestDatabase.CreateAsync(null, _time, [.. _pages.Settings, $"LinkPreviews:MaxPictureBytes={64 * 48}"]);
        var ada = await small.AddPersonAsync("Ada");
        var room = await small.Rooms.CreateAsync(ada, "Room", default);
        _pages.AddHtml("/second", "<title>Second</title><meta property=og:image content=/p.png>");
        foreach (var path in new[] { "/news", "/second" })
        {
            await small.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), _pages.Of(path), default);
            Assert.True(await small.Services.GetRequiredService<LinkDispatcher>().DispatchAsync(default));
        }

        var previews = (await small.Conversation.ReadLatestAsync(ada, room.Id, default)).Messages.Select(message => message.Previews!.Single());
        Assert.Equal([("News", 64), ("Second", 0)], previews.Select(preview => (preview.Title, preview.PictureWidth)));
    }

    [Fact]
    public async Task A_preview_without_a_message_is_removed_after_a_day_and_its_address_is_looked_up_again()
    {
        var sweep = _site.Services.GetRequiredService<PreviewSweep>();
        await SendAsync(_pages.Of("/news"));
        await DispatchAsync();
        await _site.Conversation.DeleteAsync(_ada, _room.Id, 1, default);
        await sweep.SweepAsync(default);
        Assert.Equal((1, 1), (await CountAsync(db => db.LinkPreviews), Files()));

        _time.Advance(PreviewSweep.KeepUnused + TimeSpan.FromMinutes(1));
        await sweep.SweepAsync(default);
        Assert.Equal((0, 0), (await CountAsync(db => db.LinkPreviews), Files()));
        await SendAsync(_pages.Of("/news"));
        await DispatchAsync();
        Assert.Equal(["News"], TitlesOf(await FindAsync(2)));
        Assert.Equal(2, _pages.CountOf("/news"));
    }

    [Fact]
    public async Task A_reply_gets_its_preview_in_the_feed_of_the_room()
    {
        await SendAsync("root");
        var reply = await _site.Conversation.ReplyAsync(_zoe, _room.Id, 1, Guid.NewGuid(), _pages.Of("/news"), [], isInRoom: false, default);
        await DispatchAsync();

        await using var follower = new Follower<MessageChanged>(stop => _site.Conversation.FollowAsync(_ada, _room.Id, reply.Revision, stop));
        await follower.WaitForAsync(3);

        Assert.Equal(["News"], TitlesOf(follower.Changes[^1].Message));
    }

    [Fact]
    public async Task Two_nodes_look_an_address_up_once_and_one_continues_when_the_other_has_stopped()
    {
        var held = _pages.AddStalled("/slow", "<title>Slow</title>");
        var (node, other) = (CreateNode(), CreateNode());
        await SendAsync(_pages.Of("/slow"));
        using var killed = new CancellationTokenSource();
        var first = node.DispatchAsync(killed.Token);
        await _pages.RequestedAsync("/slow");
        await killed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        Assert.False(await other.DispatchAsync(default));
        await SendAsync(_pages.Of("/slow"));
        Assert.False(await other.DispatchAsync(default));
        Assert.Equal(0, _pages.CountOf("/slow"));
        _time.Advance(TimeSpan.FromSeconds(31));
        var second = other.DispatchAsync(default);
        await _pages.RequestedAsync("/slow");

        // A node that is slower than its lease stores nothing.
        var now = _time.GetUtcNow().UtcDateTime;
        await using (var db = await _site.OpenAsync())
        {
            Assert.Equal(1, await db.LinkLookups.ExecuteUpdateAsync(lookup => lookup.SetProperty(l => l.LeasedUntil, now)));
            Assert.Equal(2, await db.MessageLinks.ExecuteUpdateAsync(link => link.SetProperty(l => l.DueAt, now)));
        }

        var third = node.DispatchAsync(default);
        await _pages.RequestedAsync("/slow");
        held.SetResult();
        Assert.True(await second.WaitAsync(TestWait.Limit));
        Assert.True(await third.WaitAsync(TestWait.Limit));

        Assert.Equal(["Slow"], TitlesOf(await FindAsync(1)));
        Assert.Equal((4, 1, 0), (await RevisionAsync(), await CountAsync(db => db.LinkPreviews), await CountDueAsync()));
    }

    [Fact]
    public async Task An_address_that_stops_its_nodes_is_given_up()
    {
        await SendAsync(_pages.Of("/news"));
        await using (var db = await _site.OpenAsync())
        {
            var key = await db.MessageLinks.Select(link => link.AddressKey).SingleAsync();
            db.Add(new BlazorChat.Data.Entities.Links.LinkLookup { AddressKey = key, Attempts = 3, BegunAt = _time.GetUtcNow().UtcDateTime.AddHours(-1) });
            await db.SaveChangesAsync();
        }

        await DispatchAsync();

        Assert.Equal((0, 0, 1), (_pages.CountOf("/news"), await CountDueAsync(), await RevisionAsync()));
    }

    [Fact]
    public async Task A_host_gets_two_requests_at_once_and_a_person_a_number_of_lookups_in_a_minute()
    {
        var held = Enumerable.Range(1, 4).Select(i => _pages.AddStalled($"/{i}")).ToArray();
        await SendAsync($"{_pages.Of("/1")} {_pages.Of("/2")} {_pages.Of("/3")}");
        await SendAsync(_pages.Of("/4"));
        var looking = Enumerable.Range(0, 4).Select(_ => _site.Services.GetRequiredService<LinkDispatcher>().DispatchAsync(default)).ToArray();
        var busy = looking.ToList();
        while (busy.Count > 2)
            busy.Remove(await Task.WhenAny(busy).WaitAsync(TestWait.Limit));
        Assert.InRange(Enumerable.Range(1, 4).Sum(i => _pages.CountOf($"/{i}")), 0, 2);

        foreach (var stalled in held)
            stalled.SetResult();
        await Task.WhenAll(looking).WaitAsync(TestWait.Limit);
        _time.Advance(TimeSpan.FromSeconds(1));
        await DispatchAsync();
        Assert.Equal((3, 1), (Enumerable.Range(1, 4).Sum(i => _pages.CountOf($"/{i}")), await CountDueAsync()));

        // The fourth one waits, and the link of another person does not.
        await _site.Conversation.SendAsync(_zoe, _room.Id, Guid.NewGuid(), _pages.Of("/news"), default);
        await DispatchAsync();
        Assert.Equal(["News"], TitlesOf(await FindAsync(3)));
        Assert.Equal(1, await CountDueAsync());
        _time.Advance(TimeSpan.FromMinutes(1));
        await DispatchAsync();
        Assert.Equal(["Late"], TitlesOf(await FindAsync(2)));
        Assert.Equal(0, await CountDueAsync());
    }

    [Fact]
    public async Task A_sender_waits_for_no_page()
    {
        _pages.AddStalled("/never");
        var looking = SendAsync(_pages.Of("/never")).ContinueWith(_ => DispatchAsync(), TaskScheduler.Default);
        await _pages.RequestedAsync("/never");

        Assert.Equal(2, (await SendAsync("next").WaitAsync(TestWait.Limit)).Sequence);
        Assert.Equal(3, (await EditAsync("changed").WaitAsync(TestWait.Limit)).Revision);
        await looking;
    }

    [Fact]
    public async Task A_picture_is_served_to_those_who_may_read_a_message_that_has_it()
    {
        var guest = await _site.AddPersonAsync("Guest");
        var hidden = await _site.Rooms.CreateAsync(_ada, "Hidden", RoomKind.Private, default);
        await _site.Conversation.SendAsync(_ada, hidden.Id, Guid.NewGuid(), _pages.Of("/news"), default);
        await DispatchAsync();
        var id = (await _site.Conversation.ReadLatestAsync(_ada, hidden.Id, default)).Messages[0].Previews![0].Id;

        Assert.Equal((true, false), (await IsServedAsync(_ada, id), await IsServedAsync(guest, id)));
        await SendAsync(_pages.Of("/news"));
        await DispatchAsync();
        Assert.Equal((true, false), (await IsServedAsync(guest, id), await IsServedAsync(guest, Guid.NewGuid())));
        await Previews.RemoveAsync(_ada, _room.Id, 1, id, default);
        Assert.Equal((true, false), (await IsServedAsync(_ada, id), await IsServedAsync(guest, id)));
    }

    [Fact]
    public async Task The_sweep_removes_lookups_previews_and_pictures_that_nobody_refers_to()
    {
        var sweep = _site.Services.GetRequiredService<PreviewSweep>();
        await SendAsync(_pages.Of("/news"));
        await SendAsync(_pages.Of("/more"));
        await DispatchAsync();
        await sweep.SweepAsync(default);
        Assert.Equal((2, 2, 1), (await CountAsync(db => db.LinkLookups), await CountAsync(db => db.LinkPreviews), Files()));

        _time.Advance(LinkLookups.KeepFound + PreviewSweep.MinAge + TimeSpan.FromMinutes(1));
        await sweep.SweepAsync(default);
        // A node's clean-up of files leaves those of previews.
        await _site.Services.GetRequiredService<AttachmentUpkeep>().SweepAsync(default);
        Assert.Equal((0, 2, 1), (await CountAsync(db => db.LinkLookups), await CountAsync(db => db.LinkPreviews), Files()));

        await _site.Conversation.DeleteAsync(_ada, _room.Id, 1, default);
        await sweep.SweepAsync(default);
        Assert.Equal((1, 0), (await CountAsync(db => db.LinkPreviews), Files()));
        Assert.Equal(["More"], TitlesOf(await FindAsync(2)));
    }

    [Fact]
    public async Task A_removed_preview_does_not_come_back_with_its_link_while_the_message_lives()
    {
        await SendAsync($"{_pages.Of("/news")} {_pages.Of("/more")}");
        await DispatchAsync();
        await Previews.RemoveAsync(_ada, _room.Id, 1, (await FindAsync(1)).Previews![0].Id, default);

        // Out and in again, beside another link and alone, with another fragment.
        foreach (var text in new[] { $"only {_pages.Of("/more")}", $"{_pages.Of("/more")} {_pages.Of("/news")}", "no link", "no link at all", $"{_pages.Of("/news#b")} {_pages.Of("/more")}" })
        {
            await EditAsync(text);
            await DispatchAsync();
            Assert.Equal(text.Contains("/more", StringComparison.Ordinal) ? ["More"] : [], TitlesOf(await FindAsync(1)));
        }

        // Another message with the link has its preview.
        await SendAsync(_pages.Of("/news"));
        await DispatchAsync();
        Assert.Equal(["News"], TitlesOf(await FindAsync(2)));
        Assert.Equal(1, _pages.CountOf("/news"));

        // Nothing is left of a message that is deleted without a link in its last text.
        await EditAsync("no link");
        await _site.Conversation.DeleteAsync(_ada, _room.Id, 1, default);
        Assert.Equal(0, await CountAsync(db => db.MessageLinks.Where(link => link.Sequence == 1)));
    }

    [Fact]
    public async Task What_is_remembered_of_removed_previews_is_bounded()
    {
        await SendAsync("first");
        for (var page = 0; page < MessageLink.MaxRemembered + 3; page++)
        {
            await EditAsync(_pages.Of($"/news?{page}"));
            await Previews.RemoveAsync(_ada, _room.Id, 1, null, default);
        }

        await EditAsync("no link");

        Assert.Equal(MessageLink.MaxRemembered, await CountAsync(db => db.MessageLinks));
    }

    [Fact]
    public async Task Nothing_is_looked_up_when_previews_are_off()
    {
        await using var off = await TestDatabase.CreateAsync(settings: [_pages.Settings[1], "LinkPreviews:Enabled=false"]);
        var ada = await off.AddPersonAsync("Ada");
        var room = await off.Rooms.CreateAsync(ada, "Room", default);

        await off.Conversation.SendAsync(ada, room.Id, Guid.NewGuid(), _pages.Of("/news"), default);

        await using var db = await off.OpenAsync();
        Assert.False(await db.MessageLinks.AnyAsync());
        Assert.False(await off.Services.GetRequiredService<LinkDispatcher>().DispatchAsync(default));
    }

    /// <summary>The worker of a node that shares nothing but the database.</summary>
    private LinkDispatcher CreateNode(PreviewFetcher? fetcher = null)
    {
        var services = _site.Services;
        var lookups = new LinkLookups(services.GetRequiredService<IDbContextFactory<ChatDbContext>>(), services.GetRequiredService<IOptions<LinkPreviewOptions>>(), _time);
        return new LinkDispatcher(
            lookups,
            fetcher ?? services.GetRequiredService<PreviewFetcher>(),
            services.GetRequiredService<IAttachmentStore>(),
            services.GetRequiredService<MessageWriter>(),
            _time,
            NullLogger<LinkDispatcher>.Instance);
    }

    private async Task DispatchAsync()
    {
        while (await _site.Services.GetRequiredService<LinkDispatcher>().DispatchAsync(default))
        {
        }
    }

    private Task<MessageView> SendAsync(string text) => _site.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), text, default);

    private Task<MessageView> EditAsync(string text) => _site.Conversation.EditAsync(_ada, _room.Id, 1, text, default);

    private async Task<MessageView> FindAsync(long sequence) =>
        (await _site.Conversation.ReadLatestAsync(_ada, _room.Id, default)).Messages.Single(message => message.Sequence == sequence);

    private static string[] TitlesOf(MessageView message) => [.. message.Previews?.Select(preview => preview.Title) ?? []];

    private async Task<long> RevisionAsync() => (await _site.Conversation.ReadLatestAsync(_ada, _room.Id, default)).Revision;

    private async Task<int> CountDueAsync() => await CountAsync(db => db.MessageLinks.Where(link => link.DueAt != null));

    private async Task<int> CountAsync<T>(Func<ChatDbContext, IQueryable<T>> choose)
    {
        await using var db = await _site.OpenAsync();
        return await choose(db).CountAsync();
    }

    private async Task<bool> IsServedAsync(ClaimsPrincipal reader, Guid id)
    {
        var picture = await Previews.OpenPictureAsync(reader, id, default);
        await (picture?.Content.DisposeAsync() ?? ValueTask.CompletedTask);
        return picture is not null;
    }

    private int Files() => System.IO.Directory.EnumerateFiles(Path.Combine(_site.DataFolder, "attachments"), "*", SearchOption.AllDirectories).Count();
}
