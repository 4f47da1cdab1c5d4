using System.Security.Claims;
using System.Text;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Rights;
using BlazorChat.Attachments.Serving;
using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Common;
using BlazorChat.Data.Entities;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Directory;
using BlazorChat.Liveblogs.Posts;
using BlazorChat.Tests.Feeds;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorChat.Tests.Liveblogs.Posts;

public sealed class LiveblogAttachmentsTests : IAsyncLifetime
{
    private static readonly ClaimsPrincipal Anonymous = new(new ClaimsIdentity());

    private TestDatabase _site = default!;
    private ClaimsPrincipal _admin = default!;
    private ClaimsPrincipal _zoe = default!;
    private LiveblogView _liveblog = default!;

    private AttachmentUploads Uploads => _site.Services.GetRequiredService<AttachmentUploads>();

    private AttachmentFiles Files => _site.Services.GetRequiredService<AttachmentFiles>();

    private LiveblogAttachments Attachments => _site.Services.GetServices<IAttachmentPlace>().OfType<LiveblogAttachments>().Single();

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _admin = await _site.AddPersonAsync("Ada", isAdmin: true);
        _zoe = await _site.AddPersonAsync("Zoe");
        _liveblog = await _site.Liveblogs.CreateAsync(_admin, "Launch", "launch", default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Editors_upload_and_see_what_is_unsent_and_nobody_else_does()
    {
        await _site.Liveblogs.StartAsync(_admin, _liveblog.Id, default);
        await RefusedAsync(RefusalCode.Forbidden, () => UploadAsync(_zoe, _liveblog, "no"));
        var id = await UploadAsync(_admin, _liveblog, "secret");
        Assert.Equal((false, false, true), (await IsSeenAsync(Anonymous, id), await IsSeenAsync(_zoe, id), await IsSeenAsync(_admin, id)));

        await _site.Editors.AddAsync(_admin, _liveblog.Id, "zoe@example.org", default);
        await UploadAsync(_zoe, _liveblog, "hers");
        Assert.Equal((false, true), (await IsSeenAsync(Anonymous, id), await IsSeenAsync(_zoe, id)));

        // A draft that names it shows it to nobody else.
        await _site.Drafts.SaveAsync(_admin, _liveblog.Id, Guid.NewGuid(), new PostText("", Card(id)), null, default);
        Assert.False(await IsSeenAsync(Anonymous, id));

        await _site.Liveblogs.ArchiveAsync(_admin, _liveblog.Id, default);
        await RefusedAsync(RefusalCode.Conflict, () => UploadAsync(_admin, _liveblog, "too late"));
        await RefusedAsync(RefusalCode.NotFound, () => Uploads.ReceiveAsync(_admin, New(999), new MemoryStream([1]), default));
    }

    [Fact]
    public async Task F7_Archiving_stays_the_last_change_when_a_thumbnail_is_ready_after_it()
    {
        var live = await _site.Liveblogs.StartAsync(_admin, _liveblog.Id, default);
        var id = await AddPendingAsync();
        var post = await _site.PostAsync(_admin, live, $"![boat](attachment:{id})");
        var archived = await _site.Liveblogs.ArchiveAsync(_admin, live.Id, default);

        await Attachments.SetThumbnailsAsync(live.Id, id, ThumbnailState.Ready, default);

        await using var follower = new Follower<LiveblogChanged>(stop => _site.Posts.FollowAsync(Anonymous, live.Id, archived.Revision, stop));
        await follower.WaitForAsync(archived.Revision + 2);
        Assert.Equal(
            [(archived.Revision + 1, "liveblog.post.updated"), (archived.Revision + 2, "liveblog.archived")],
            follower.Changes.Select(change => (change.Revision, change.Name)));
        var now = (await _site.Liveblogs.FindAsync(Anonymous, live.Slug, default))!;
        Assert.True(LiveblogEntry.Create(now, archived.Revision + 2).IsAtTheEnd);
        Assert.False(LiveblogEntry.Create(now, archived.Revision + 1).IsAtTheEnd);
        Assert.Equal(post.Id, follower.Changes[0].Post!.Id);
    }

    [Fact]
    public async Task A_file_of_a_post_is_for_everybody_once_its_liveblog_has_started()
    {
        var id = await UploadAsync(_admin, _liveblog, "numbers");
        await _site.PostAsync(_admin, _liveblog, Card(id));
        Assert.Equal((false, false, true), (await IsSeenAsync(Anonymous, id), await IsSeenAsync(_zoe, id), await IsSeenAsync(_admin, id)));

        await _site.Liveblogs.StartAsync(_admin, _liveblog.Id, default);

        await using var file = (await Files.OpenAsync(Anonymous, id, null, default))!.Content;
        Assert.True((await Files.OpenAsync(Anonymous, id, null, default))!.IsForEverybody);
        Assert.Contains($"<a href=\"attachments/{id}\"><strong>Numbers</strong> · TXT, 7 B</a>", (await ReadAsync()).Posts[0].Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_post_takes_what_is_there_and_no_other_posts_or_places_files()
    {
        var taken = await UploadAsync(_admin, _liveblog, "taken");
        var post = await _site.PostAsync(_admin, _liveblog, Card(taken));
        var other = await _site.Liveblogs.CreateAsync(_admin, "Other", "other", default);
        var elsewhere = await UploadAsync(_admin, other, "elsewhere");
        var room = await _site.Rooms.CreateAsync(_admin, "Lobby", RoomKind.Open, default);
        var inRoom = Guid.NewGuid();
        await Uploads.ReceiveAsync(_admin, new Upload(inRoom, AttachmentPlace.Room, room.Id, "a.txt"), Bytes("room"), default);

        foreach (var id in new[] { Guid.NewGuid(), taken, elsewhere, inRoom })
        {
            var refused = await RefusedAsync(RefusalCode.NotFound, () => _site.PostAsync(_admin, _liveblog, $"Look at {Card(id)}"));
            Assert.Equal("A file is not there any more: attach it again.", refused.Message);
            if (id != taken)
                await RefusedAsync(RefusalCode.NotFound, () => _site.EditPostAsync(_admin, _liveblog, post.Id, Card(id)));
            await RefusedAsync(RefusalCode.NotFound, () => _site.Drafts.SaveAsync(_admin, _liveblog.Id, Guid.NewGuid(), new PostText("", Card(id)), DateTimeOffset.MaxValue, default));
        }

        // Out of the text and back: the post has it all the time.
        await _site.EditPostAsync(_admin, _liveblog, post.Id, "without");
        await _site.EditPostAsync(_admin, _liveblog, post.Id, $"with {Card(taken)}");
        Assert.Equal(3, (await ReadAsync()).Liveblog.Revision);
        Assert.DoesNotContain("href", await _site.Editing.PreviewAsync(_admin, _liveblog.Id, Card(elsewhere), default), StringComparison.Ordinal);
        Assert.Contains($"attachments/{taken}", await _site.Editing.PreviewAsync(_admin, _liveblog.Id, Card(taken), default), StringComparison.Ordinal);
        await RefusedAsync(RefusalCode.Forbidden, () => _site.Editing.PreviewAsync(_zoe, _liveblog.Id, Card(taken), default));
    }

    [Fact]
    public async Task A_post_shows_a_bounded_number_of_files()
    {
        var text = string.Join("\n\n", Enumerable.Range(0, 21).Select(_ => Card(Guid.NewGuid())));

        await RefusedAsync(RefusalCode.Invalid, () => _site.PostAsync(_admin, _liveblog, text));
    }

    [Fact]
    public async Task Thumbnails_that_are_ready_are_a_revision_of_the_post_that_shows_them()
    {
        await _site.Liveblogs.StartAsync(_admin, _liveblog.Id, default);
        var (shown, unsent, failed) = (await AddPendingAsync(), await AddPendingAsync(), await AddPendingAsync());
        var post = await _site.PostAsync(_admin, _liveblog, $"![A boat](attachment:{shown})\n\n![Else](attachment:{failed})");
        Assert.DoesNotContain("/400", post.Html, StringComparison.Ordinal);
        await using var follower = new Follower<LiveblogChanged>(stop => _site.Posts.FollowAsync(Anonymous, _liveblog.Id, 1, stop));

        await Attachments.SetThumbnailsAsync(_liveblog.Id, unsent, ThumbnailState.Ready, default);
        await Attachments.SetThumbnailsAsync(_liveblog.Id, shown, ThumbnailState.Ready, default);
        await follower.WaitForAsync(2);
        await Attachments.SetThumbnailsAsync(_liveblog.Id, shown, ThumbnailState.Failed, default);
        await Attachments.SetThumbnailsAsync(_liveblog.Id, Guid.NewGuid(), ThumbnailState.Ready, default);
        await Attachments.SetThumbnailsAsync(_liveblog.Id, failed, ThumbnailState.Failed, default);
        await follower.WaitForAsync(3);

        Assert.Equal([2L, 3L], follower.Changes.Select(change => change.Revision));
        Assert.All(follower.Changes, change => Assert.Null(change.Post!.EditedAt));
        Assert.Contains($"src=\"attachments/{shown}/400\"", follower.Changes[0].Post!.Html, StringComparison.Ordinal);
        Assert.Contains("src=\"data:", follower.Changes[0].Post!.Html, StringComparison.Ordinal);
        Assert.Contains($"<figure class=\"file\"><a href=\"attachments/{failed}\">", follower.Changes[1].Post!.Html, StringComparison.Ordinal);

        // What stands in no text any more tells nobody.
        var later = await AddPendingAsync();
        await _site.EditPostAsync(_admin, _liveblog, post.Id, Card(later));
        await _site.EditPostAsync(_admin, _liveblog, post.Id, "without");
        await Attachments.SetThumbnailsAsync(_liveblog.Id, later, ThumbnailState.Ready, default);
        Assert.Equal(5, (await ReadAsync()).Liveblog.Revision);
    }

    [Fact]
    public async Task D8_A_file_that_an_edit_removes_from_a_post_is_gone_for_readers_at_once()
    {
        await _site.Liveblogs.StartAsync(_admin, _liveblog.Id, default);
        var (picture, card) = (await AddPendingAsync(), await UploadAsync(_admin, _liveblog, "numbers"));
        var post = await _site.PostAsync(_admin, _liveblog, $"![A boat](attachment:{picture})\n\nSee {Card(card)}.");
        Assert.Equal((AttachmentAudience.Everybody, AttachmentAudience.Everybody), (await AudienceAsync(Anonymous, picture), await AudienceAsync(Anonymous, card)));

        await _site.EditPostAsync(_admin, _liveblog, post.Id, $"See {Card(card)}.");
        Assert.Equal((AttachmentAudience.Others, AttachmentAudience.Everybody), (await AudienceAsync(Anonymous, picture), await AudienceAsync(Anonymous, card)));
        Assert.Equal(AttachmentAudience.Person, await AudienceAsync(_admin, picture));

        // Its editors can bring it back.
        await _site.EditPostAsync(_admin, _liveblog, post.Id, $"![A boat](attachment:{picture})");
        Assert.Equal((AttachmentAudience.Everybody, AttachmentAudience.Others), (await AudienceAsync(Anonymous, picture), await AudienceAsync(Anonymous, card)));
    }

    [Fact]
    public async Task With_a_post_go_its_files_unless_somebody_else_uses_them()
    {
        var (own, old, shared, theirs) = (
            await UploadAsync(_admin, _liveblog, "own"), await UploadAsync(_admin, _liveblog, "old"),
            await UploadAsync(_admin, _liveblog, "shared"), await UploadAsync(_admin, _liveblog, "shared"));
        var post = await _site.PostAsync(_admin, _liveblog, $"{Card(own)} {Card(old)} {Card(shared)}");
        await _site.PostAsync(_admin, _liveblog, Card(theirs));
        await _site.EditPostAsync(_admin, _liveblog, post.Id, $"{Card(own)} {Card(shared)}");
        Assert.True(await IsSeenAsync(_admin, old));
        var hashes = await ReadHashesAsync();

        await _site.Editing.DeleteAsync(_admin, _liveblog.Id, post.Id, default);

        Assert.Equal([theirs], (await ReadHashesAsync()).Keys);
        var store = _site.Services.GetRequiredService<IAttachmentStore>();
        Assert.Null(store.OpenRead(hashes[own]));
        Assert.Null(store.OpenRead(hashes[old]));
        Assert.True(await IsSeenAsync(_admin, theirs));
    }

    [Fact]
    public async Task What_a_draft_names_is_still_wanted()
    {
        var (inDraft, forgotten) = (await UploadAsync(_admin, _liveblog, "draft"), await UploadAsync(_admin, _liveblog, "forgotten"));
        await _site.Drafts.SaveAsync(_admin, _liveblog.Id, Guid.NewGuid(), new PostText("", Card(inDraft)), null, default);

        Assert.Equal([inDraft], await Attachments.FindWantedAsync([inDraft, forgotten], default));
    }

    private static string Card(Guid id) => $"[Numbers](attachment:{id})";

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static Upload New(int liveblogId) => new(Guid.NewGuid(), AttachmentPlace.Liveblog, liveblogId, "a.txt");

    private async Task<Guid> UploadAsync(ClaimsPrincipal editor, LiveblogView liveblog, string text) =>
        (await Uploads.ReceiveAsync(editor, New(liveblog.Id), Bytes(text), default)).Id;

    /// <summary>A picture whose thumbnails nobody makes until the test says so.</summary>
    private async Task<Guid> AddPendingAsync()
    {
        var attachment = new Attachment
        {
            Id = Guid.NewGuid(),
            Place = AttachmentPlace.Liveblog,
            PlaceId = _liveblog.Id,
            UploaderId = _admin.UserId,
            Name = "photo.png",
            ContentType = FileType.Png,
            Size = 1,
            Hash = Guid.NewGuid().ToByteArray(),
            Width = 1600,
            Height = 900,
            Thumbnails = ThumbnailState.Pending,
        };
        await using var db = await _site.OpenAsync();
        db.Add(attachment);
        await db.SaveChangesAsync();
        return attachment.Id;
    }

    private async Task<bool> IsSeenAsync(ClaimsPrincipal reader, Guid id)
    {
        var file = await Files.OpenAsync(reader, id, null, default);
        if (file is not null)
            await file.Content.DisposeAsync();
        return file is not null;
    }

    private async Task<AttachmentAudience> AudienceAsync(ClaimsPrincipal reader, Guid id)
    {
        await using var db = await _site.OpenAsync();
        return await Attachments.FindAudienceAsync(reader, await db.Attachments.SingleAsync(a => a.Id == id), default);
    }

    private async Task<Dictionary<Guid, byte[]>> ReadHashesAsync()
    {
        await using var db = await _site.OpenAsync();
        return await db.Attachments.ToDictionaryAsync(attachment => attachment.Id, attachment => attachment.Hash);
    }

    private Task<LiveblogSnapshot> ReadAsync() => _site.Posts.ReadAsync(_admin, _liveblog.Id, null, default);

    private static async Task<RefusedException> RefusedAsync(RefusalCode code, Func<Task> command)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(command);
        Assert.Equal(code, refused.Code);
        return refused;
    }
}
