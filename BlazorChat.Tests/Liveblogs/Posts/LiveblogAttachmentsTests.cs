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
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Posts;
using BlazorChat.Liveblogs.Streaming;
using BlazorChat.Tests.Feeds;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Liveblogs.Posts;

public sealed class LiveblogAttachmentsTests : LiveblogTest
{
    private ClaimsPrincipal _zoe = default!;
    private LiveblogView _liveblog = default!;

    private AttachmentUploads Uploads => Site.Services.GetRequiredService<AttachmentUploads>();

    private AttachmentFiles Files => Site.Services.GetRequiredService<AttachmentFiles>();

    private LiveblogAttachments Attachments => Site.Services.GetServices<IAttachmentOwner>().OfType<LiveblogAttachments>().Single();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _zoe = await Site.AddPersonAsync("Zoe");
        _liveblog = await Site.Lifecycle.CreateAsync(Admin, "Launch", "launch", default);
    }

    [Fact]
    public async Task Only_editors_upload_and_see_unpublished_files()
    {
        await Site.Lifecycle.StartAsync(Admin, _liveblog.Id, default);
        await RefusedAsync(RefusalCode.Forbidden, () => UploadAsync(_zoe, _liveblog, "no"));
        var id = await UploadAsync(Admin, _liveblog, "secret");
        Assert.Equal((false, false, true), (await IsSeenAsync(Anonymous, id), await IsSeenAsync(_zoe, id), await IsSeenAsync(Admin, id)));

        await Site.Editors.AddAsync(Admin, _liveblog.Id, "zoe@example.org", default);
        await UploadAsync(_zoe, _liveblog, "hers");
        Assert.Equal((false, true), (await IsSeenAsync(Anonymous, id), await IsSeenAsync(_zoe, id)));

        // A draft does not make its files public.
        await Site.Drafts.SaveAsync(Admin, _liveblog.Id, Guid.NewGuid(), new PostText("", Card(id)), null, default);
        Assert.False(await IsSeenAsync(Anonymous, id));

        await Site.Lifecycle.ArchiveAsync(Admin, _liveblog.Id, default);
        await RefusedAsync(RefusalCode.Conflict, () => UploadAsync(Admin, _liveblog, "too late"));
        await RefusedAsync(RefusalCode.NotFound, () => Uploads.ReceiveAsync(Admin, New(999), new MemoryStream([1]), default));
    }

    [Fact]
    public async Task F7_Archiving_remains_the_last_change_when_a_thumbnail_is_ready_later()
    {
        var live = await Site.Lifecycle.StartAsync(Admin, _liveblog.Id, default);
        var id = await AddPendingAsync();
        var post = await Site.PostAsync(Admin, live, $"![boat](attachment:{id})");
        var archived = await Site.Lifecycle.ArchiveAsync(Admin, live.Id, default);

        await Attachments.SetThumbnailsAsync(live.Id, id, ThumbnailState.Ready, default);

        await using var follower = new Follower<LiveblogChanged>(stop => Site.Posts.FollowAsync(Anonymous, live.Id, archived.Revision, stop));
        await follower.WaitForAsync(archived.Revision + 2);
        Assert.Equal(
            [(archived.Revision + 1, "liveblog.post.updated"), (archived.Revision + 2, "liveblog.archived")],
            follower.Changes.Select(change => (change.Revision, change.Name)));
        var now = (await Site.Liveblogs.FindAsync(Anonymous, live.Slug, default))!;
        Assert.True(LiveblogPosition.Create(now, archived.Revision + 2).IsEnd);
        Assert.False(LiveblogPosition.Create(now, archived.Revision + 1).IsEnd);
        Assert.Equal(post.Id, follower.Changes[0].Post!.Id);
    }

    [Fact]
    public async Task A_file_of_a_post_is_public_when_its_liveblog_has_started()
    {
        var id = await UploadAsync(Admin, _liveblog, "numbers");
        await Site.PostAsync(Admin, _liveblog, Card(id));
        Assert.Equal((false, false, true), (await IsSeenAsync(Anonymous, id), await IsSeenAsync(_zoe, id), await IsSeenAsync(Admin, id)));

        await Site.Lifecycle.StartAsync(Admin, _liveblog.Id, default);

        await using var file = (await Files.OpenAsync(Anonymous, id, null, default))!.Content;
        Assert.True((await Files.OpenAsync(Anonymous, id, null, default))!.IsForEverybody);
        Assert.Contains($"<a href=\"attachments/{id}\"><strong>Numbers</strong> · TXT, 7 B</a>", (await ReadAsync()).Posts[0].Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_post_shows_only_existing_files_of_its_liveblog_that_no_other_post_has()
    {
        var taken = await UploadAsync(Admin, _liveblog, "taken");
        var post = await Site.PostAsync(Admin, _liveblog, Card(taken));
        var other = await Site.Lifecycle.CreateAsync(Admin, "Other", "other", default);
        var elsewhere = await UploadAsync(Admin, other, "elsewhere");
        var room = await Site.Rooms.CreateAsync(Admin, "Lobby", RoomKind.Open, default);
        var inRoom = Guid.NewGuid();
        await Uploads.ReceiveAsync(Admin, new Upload(inRoom, AttachmentOwner.Room, room.Id, "a.txt"), Bytes("room"), default);

        foreach (var id in new[] { Guid.NewGuid(), taken, elsewhere, inRoom })
        {
            var refused = await RefusedAsync(RefusalCode.NotFound, () => Site.PostAsync(Admin, _liveblog, $"Look at {Card(id)}"));
            Assert.Equal("A file is no longer available. Attach it again.", refused.Message);
            if (id != taken)
                await RefusedAsync(RefusalCode.NotFound, () => Site.EditPostAsync(Admin, _liveblog, post.Id, Card(id)));
            await RefusedAsync(RefusalCode.NotFound, () => Site.Drafts.SaveAsync(Admin, _liveblog.Id, Guid.NewGuid(), new PostText("", Card(id)), DateTimeOffset.MaxValue, default));
        }

        // A file that leaves the text stays attached to the post.
        await Site.EditPostAsync(Admin, _liveblog, post.Id, "without");
        await Site.EditPostAsync(Admin, _liveblog, post.Id, $"with {Card(taken)}");
        Assert.Equal(3, (await ReadAsync()).Liveblog.Revision);
        Assert.DoesNotContain("href", await Site.Editing.PreviewAsync(Admin, _liveblog.Id, Card(elsewhere), default), StringComparison.Ordinal);
        Assert.Contains($"attachments/{taken}", await Site.Editing.PreviewAsync(Admin, _liveblog.Id, Card(taken), default), StringComparison.Ordinal);
        await RefusedAsync(RefusalCode.Forbidden, () => Site.Editing.PreviewAsync(_zoe, _liveblog.Id, Card(taken), default));
    }

    [Fact]
    public async Task A_post_shows_at_most_twenty_files()
    {
        var text = string.Join("\n\n", Enumerable.Range(0, 21).Select(_ => Card(Guid.NewGuid())));

        await RefusedAsync(RefusalCode.Invalid, () => Site.PostAsync(Admin, _liveblog, text));
    }

    [Fact]
    public async Task A_ready_thumbnail_is_a_revision_of_the_post_that_shows_it()
    {
        await Site.Lifecycle.StartAsync(Admin, _liveblog.Id, default);
        var (shown, unsent, failed) = (await AddPendingAsync(), await AddPendingAsync(), await AddPendingAsync());
        var post = await Site.PostAsync(Admin, _liveblog, $"![A boat](attachment:{shown})\n\n![Else](attachment:{failed})");
        Assert.DoesNotContain("/400", post.Html, StringComparison.Ordinal);
        await using var follower = new Follower<LiveblogChanged>(stop => Site.Posts.FollowAsync(Anonymous, _liveblog.Id, 1, stop));

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

        // A file that no text names changes no post.
        var later = await AddPendingAsync();
        await Site.EditPostAsync(Admin, _liveblog, post.Id, Card(later));
        await Site.EditPostAsync(Admin, _liveblog, post.Id, "without");
        await Attachments.SetThumbnailsAsync(_liveblog.Id, later, ThumbnailState.Ready, default);
        Assert.Equal(5, (await ReadAsync()).Liveblog.Revision);
    }

    [Fact]
    public async Task D8_Readers_lose_a_file_that_an_edit_removes_at_once()
    {
        await Site.Lifecycle.StartAsync(Admin, _liveblog.Id, default);
        var (picture, card) = (await AddPendingAsync(), await UploadAsync(Admin, _liveblog, "numbers"));
        var post = await Site.PostAsync(Admin, _liveblog, $"![A boat](attachment:{picture})\n\nSee {Card(card)}.");
        Assert.Equal((AttachmentAudience.Everybody, AttachmentAudience.Everybody), (await AudienceAsync(Anonymous, picture), await AudienceAsync(Anonymous, card)));

        await Site.EditPostAsync(Admin, _liveblog, post.Id, $"See {Card(card)}.");
        Assert.Equal((AttachmentAudience.Others, AttachmentAudience.Everybody), (await AudienceAsync(Anonymous, picture), await AudienceAsync(Anonymous, card)));
        Assert.Equal(AttachmentAudience.Person, await AudienceAsync(Admin, picture));

        // Editors can add it again.
        await Site.EditPostAsync(Admin, _liveblog, post.Id, $"![A boat](attachment:{picture})");
        Assert.Equal((AttachmentAudience.Everybody, AttachmentAudience.Others), (await AudienceAsync(Anonymous, picture), await AudienceAsync(Anonymous, card)));
    }

    [Fact]
    public async Task Deleting_a_post_deletes_the_files_that_nothing_else_uses()
    {
        var (own, old, shared, theirs) = (
            await UploadAsync(Admin, _liveblog, "own"), await UploadAsync(Admin, _liveblog, "old"),
            await UploadAsync(Admin, _liveblog, "shared"), await UploadAsync(Admin, _liveblog, "shared"));
        var post = await Site.PostAsync(Admin, _liveblog, $"{Card(own)} {Card(old)} {Card(shared)}");
        await Site.PostAsync(Admin, _liveblog, Card(theirs));
        await Site.EditPostAsync(Admin, _liveblog, post.Id, $"{Card(own)} {Card(shared)}");
        Assert.True(await IsSeenAsync(Admin, old));
        var hashes = await ReadHashesAsync();

        await Site.Editing.DeleteAsync(Admin, _liveblog.Id, post.Id, default);

        Assert.Equal([theirs], (await ReadHashesAsync()).Keys);
        var store = Site.Services.GetRequiredService<IAttachmentStore>();
        Assert.Null(store.OpenRead(hashes[own]));
        Assert.Null(store.OpenRead(hashes[old]));
        Assert.True(await IsSeenAsync(Admin, theirs));
    }

    [Fact]
    public async Task A_file_that_a_draft_names_is_wanted()
    {
        var (inDraft, forgotten) = (await UploadAsync(Admin, _liveblog, "draft"), await UploadAsync(Admin, _liveblog, "forgotten"));
        await Site.Drafts.SaveAsync(Admin, _liveblog.Id, Guid.NewGuid(), new PostText("", Card(inDraft)), null, default);

        Assert.Equal([inDraft], await Attachments.FindWantedAsync([inDraft, forgotten], default));
    }

    private static string Card(Guid id) => $"[Numbers](attachment:{id})";

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static Upload New(int liveblogId) => new(Guid.NewGuid(), AttachmentOwner.Liveblog, liveblogId, "a.txt");

    private async Task<Guid> UploadAsync(ClaimsPrincipal editor, LiveblogView liveblog, string text) =>
        (await Uploads.ReceiveAsync(editor, New(liveblog.Id), Bytes(text), default)).Id;

    /// <summary>Adds a picture whose thumbnails stay pending.</summary>
    private async Task<Guid> AddPendingAsync()
    {
        var attachment = new Attachment
        {
            Id = Guid.NewGuid(),
            Owner = AttachmentOwner.Liveblog,
            OwnerId = _liveblog.Id,
            UploaderId = Admin.UserId,
            Name = "photo.png",
            ContentType = FileType.Png,
            Size = 1,
            Hash = Guid.NewGuid().ToByteArray(),
            Width = 1600,
            Height = 900,
            Thumbnails = ThumbnailState.Pending,
        };
        await using var db = await Site.OpenAsync();
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
        await using var db = await Site.OpenAsync();
        return await Attachments.FindAudienceAsync(reader, await db.Attachments.SingleAsync(a => a.Id == id), default);
    }

    private async Task<Dictionary<Guid, byte[]>> ReadHashesAsync()
    {
        await using var db = await Site.OpenAsync();
        return await db.Attachments.ToDictionaryAsync(attachment => attachment.Id, attachment => attachment.Hash);
    }

    private Task<LiveblogSnapshot> ReadAsync() => Site.Posts.ReadAsync(Admin, _liveblog.Id, null, default);
}
