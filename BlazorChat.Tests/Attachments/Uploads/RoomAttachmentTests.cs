using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Serving;
using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Common;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Attachments.Uploads;

/// <summary>Files of messages, from the upload to their end, over a real database and a real folder.</summary>
public sealed class RoomAttachmentTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;
    private RoomView _private = default!;

    private AttachmentUploads Uploads => _site.Services.GetRequiredService<AttachmentUploads>();

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
        _room = await _site.Rooms.CreateAsync(_ada, "Open", default);
        _private = await _site.Rooms.CreateAsync(_ada, "Private", RoomKind.Private, default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task An_upload_is_kept_once_however_often_it_comes()
    {
        var id = await UploadAsync(_ada, _room, "hello"u8.ToArray());

        var again = await Uploads.ReceiveAsync(_ada, new Upload(id, AttachmentOwner.Room, _room.Id, "x"), new MemoryStream("hello"u8.ToArray()), default);

        Assert.Equal((id, "file.txt"), (again.Id, again.Name));
        await RefusedAsync(RefusalCode.Conflict, () => UploadAsync(_ada, _private, "hello"u8.ToArray(), id));
        await _site.Rooms.JoinAsync(_zoe, _room.Id, default);
        await RefusedAsync(RefusalCode.Conflict, () => UploadAsync(_zoe, _room, "hello"u8.ToArray(), id));
    }

    [Fact]
    public async Task Only_members_upload_and_nothing_empty()
    {
        await RefusedAsync(RefusalCode.Forbidden, () => UploadAsync(_zoe, _room, [1]));
        await RefusedAsync(RefusalCode.NotFound, () => UploadAsync(_zoe, _private, [1]));
        await RefusedAsync(RefusalCode.Invalid, () => UploadAsync(_ada, _room, []));
    }

    [Fact]
    public async Task A_file_is_its_uploaders_until_it_is_sent_and_then_the_rooms()
    {
        var open = await UploadAsync(_ada, _room, [1]);
        var hidden = await UploadAsync(_ada, _private, [2]);
        Assert.True(await IsSeenAsync(_ada, open));
        Assert.False(await IsSeenAsync(_zoe, open));

        await SendAsync(_ada, _room, "", open);
        await SendAsync(_ada, _private, "", hidden);

        Assert.True(await IsSeenAsync(_zoe, open));
        Assert.False(await IsSeenAsync(new ClaimsPrincipal(new ClaimsIdentity()), open));
        Assert.True(await IsSeenAsync(_ada, hidden));
        Assert.False(await IsSeenAsync(_zoe, hidden));
    }

    [Fact]
    public async Task A_message_has_only_what_its_author_uploaded_for_its_room_and_each_file_is_sent_once()
    {
        var first = await UploadAsync(_ada, _room, [1]);
        var elsewhere = await UploadAsync(_ada, _private, [2]);
        await _site.Rooms.JoinAsync(_zoe, _room.Id, default);
        var hers = await UploadAsync(_zoe, _room, [3]);
        foreach (var wrong in new[] { elsewhere, hers, Guid.NewGuid() })
            await RefusedAsync(RefusalCode.NotFound, () => SendAsync(_ada, _room, "x", first, wrong));
        await RefusedAsync(RefusalCode.Invalid, () => SendAsync(_ada, _room, "x", [.. Enumerable.Range(0, 11).Select(_ => Guid.NewGuid())]));
        await RefusedAsync(RefusalCode.Invalid, () => SendAsync(_ada, _room, " "));

        var clientId = Guid.NewGuid();
        var sent = await _site.Conversation.SendAsync(_ada, _room.Id, clientId, "", [first], default);
        var again = await _site.Conversation.SendAsync(_ada, _room.Id, clientId, "", [first], default);

        Assert.Equal((sent.Sequence, first), (again.Sequence, Assert.Single(again.Attachments).Id));
        await RefusedAsync(RefusalCode.NotFound, () => SendAsync(_ada, _room, "x", first));
        await RefusedAsync(RefusalCode.Conflict, () => Uploads.DiscardAsync(_ada, first, default));
        Assert.Equal([first], (await ReadAsync()).Messages[^1].Attachments.Select(file => file.Id));
    }

    [Fact]
    public async Task Thumbnails_that_are_ready_are_the_next_revision_of_their_message()
    {
        var id = await UploadAsync(_ada, _room, TestPictures.Jpeg(1000, 500, orientation: 6), "photo.jpg");
        var sent = await SendAsync(_ada, _room, "look", id);
        Assert.Equal((500, 1000, ThumbnailState.Pending), Shape(sent));
        Assert.NotEmpty(sent.Attachments[0].Preview);

        await _site.Services.GetRequiredService<ThumbnailMaker>().MakeAsync(id, default);
        await _site.Services.GetRequiredService<ThumbnailMaker>().MakeAsync(id, default);

        var now = (await ReadAsync()).Messages[^1];
        Assert.Equal((500, 1000, ThumbnailState.Ready), Shape(now));
        Assert.Equal((sent.Revision + 1, false, null), (now.Revision, now.IsNew, now.EditedAt));
        foreach (var size in ThumbnailSize.All)
            Assert.True(await IsSeenAsync(_ada, id, size));
    }

    [Fact]
    public async Task Thumbnails_that_are_ready_before_the_message_are_no_change_of_it()
    {
        var id = await UploadAsync(_ada, _room, TestPictures.Png(), "picture.png");
        await _site.Services.GetRequiredService<ThumbnailMaker>().MakeAsync(id, default);

        var sent = await SendAsync(_ada, _room, "look", id);

        Assert.Equal(ThumbnailState.Ready, Assert.Single(sent.Attachments).Thumbnails);
        Assert.True(sent.IsNew);
    }

    [Fact]
    public async Task A_picture_that_cannot_be_read_and_one_on_which_workers_die_become_files()
    {
        var broken = await UploadAsync(_ada, _room, TestPictures.Truncated(TestPictures.Jpeg(1500, 1500)), "broken.jpg");
        var deadly = await UploadAsync(_ada, _room, TestPictures.Png(), "deadly.png");
        await SendAsync(_ada, _room, "", broken, deadly);
        await using (var db = await _site.OpenAsync())
            await db.Attachments.Where(a => a.Id == deadly).ExecuteUpdateAsync(a => a.SetProperty(x => x.ThumbnailTries, 3));

        foreach (var id in new[] { broken, deadly })
            await _site.Services.GetRequiredService<ThumbnailMaker>().MakeAsync(id, default);

        Assert.All((await ReadAsync()).Messages[^1].Attachments, file => Assert.Equal(ThumbnailState.Failed, file.Thumbnails));
    }

    [Fact]
    public async Task Several_workers_that_have_the_same_picture_at_once_make_one_try()
    {
        var id = await UploadAsync(_ada, _room, TestPictures.Png(4000, 3000), "large.png");
        await SendAsync(_ada, _room, "", id);
        var thumbnails = _site.Services.GetRequiredService<ThumbnailMaker>();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => thumbnails.MakeAsync(id, default)));

        Assert.Equal(ThumbnailState.Ready, Assert.Single((await ReadAsync()).Messages[^1].Attachments).Thumbnails);
    }

    [Fact]
    public async Task D9_A_picture_whose_file_is_missing_fails_after_some_tries_until_an_upload_brings_it_again()
    {
        var (id, picture) = (Guid.NewGuid(), TestPictures.Png());
        await UploadAsync(_ada, _room, picture, id);
        await SendAsync(_ada, _room, "", id);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var thumbnails = ActivatorUtilities.CreateInstance<ThumbnailMaker>(_site.Services, time);
        var store = _site.Services.GetRequiredService<IAttachmentStore>();
        await store.RemoveAsync((await ReadHashesAsync())[id], _ => Task.FromResult(false), default);

        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<FileNotFoundException>(() => thumbnails.MakeAsync(id, default));
            time.Advance(TimeSpan.FromMinutes(1));
        }

        await thumbnails.MakeAsync(id, default);
        Assert.Equal(ThumbnailState.Failed, Assert.Single((await ReadAsync()).Messages[^1].Attachments).Thumbnails);

        await UploadAsync(_ada, _room, picture, id);
        await thumbnails.MakeAsync(id, default);
        Assert.Equal(ThumbnailState.Ready, Assert.Single((await ReadAsync()).Messages[^1].Attachments).Thumbnails);
    }

    [Fact]
    public async Task D9_Pictures_that_fail_again_and_again_hold_up_no_newer_one()
    {
        var newest = await UploadAsync(_ada, _room, TestPictures.Png(), "newest.png");
        await using (var db = await _site.OpenAsync())
        {
            var hash = (await db.Attachments.SingleAsync(a => a.Id == newest)).Hash;
            await db.Attachments.ExecuteUpdateAsync(a => a.SetProperty(x => x.Thumbnails, ThumbnailState.Pending));
            db.AddRange(Enumerable.Range(1, AttachmentUpkeep.BatchSize).Select(i => new Attachment
            {
                Id = Guid.NewGuid(),
                Owner = AttachmentOwner.Room,
                OwnerId = _room.Id,
                UploaderId = _ada.UserId,
                Name = "old.png",
                ContentType = FileType.Png,
                Size = 1,
                Hash = hash,
                Width = 1,
                Height = 1,
                Thumbnails = ThumbnailState.Pending,
                ThumbnailTriedAt = DateTime.UtcNow.AddMinutes(-i),
                UploadedAt = DateTime.UtcNow.AddDays(-1),
            }));
            await db.SaveChangesAsync();
        }

        var asked = await _site.Services.GetRequiredService<AttachmentUpkeep>().FindPendingAsync(TimeSpan.Zero, default);

        Assert.Equal((AttachmentUpkeep.BatchSize, newest), (asked.Count, asked[0]));
    }

    [Fact]
    public async Task With_a_message_go_its_files_unless_somebody_else_uses_the_same_bytes()
    {
        var alone = await UploadAsync(_ada, _room, [1]);
        var shared = await UploadAsync(_ada, _room, [2]);
        var other = await UploadAsync(_ada, _private, [2]);
        var sent = await SendAsync(_ada, _room, "two files", alone, shared);
        await SendAsync(_ada, _private, "", other);
        var hashes = await ReadHashesAsync();

        var deleted = await _site.Conversation.DeleteAsync(_ada, _room.Id, sent.Sequence, default);

        Assert.Empty(deleted.Attachments);
        Assert.False(await IsSeenAsync(_ada, alone));
        Assert.True(await IsSeenAsync(_ada, other));
        Assert.Null(Open(hashes[alone]));
        await using var kept = Open(hashes[shared]);
        Assert.NotNull(kept);
    }

    [Fact]
    public async Task The_sweep_removes_what_was_never_sent_and_what_nobody_uses_but_nothing_recent()
    {
        var old = await UploadAsync(_ada, _room, [1]);
        var young = await UploadAsync(_ada, _room, [2]);
        var sent = await UploadAsync(_ada, _room, [3]);
        await SendAsync(_ada, _room, "", sent);
        var hashes = await ReadHashesAsync();
        await using (var db = await _site.OpenAsync())
        {
            await db.Attachments.Where(a => a.Id != young).ExecuteUpdateAsync(a => a.SetProperty(x => x.UploadedAt, DateTime.UtcNow.AddDays(-8)));
        }

        foreach (var file in Directory.EnumerateFiles(_site.DataFolder, "*", SearchOption.AllDirectories).Where(file => file.Contains("attachments", StringComparison.Ordinal)))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-8));

        await _site.Services.GetRequiredService<AttachmentUpkeep>().SweepAsync(default);

        Assert.Equal((false, true, true), (await IsSeenAsync(_ada, old), await IsSeenAsync(_ada, young), await IsSeenAsync(_ada, sent)));
        Assert.Null(Open(hashes[old]));
    }

    private static (int Width, int Height, ThumbnailState State) Shape(MessageView message) =>
        (message.Attachments[0].Width, message.Attachments[0].Height, message.Attachments[0].Thumbnails);

    private Stream? Open(byte[] hash) => _site.Services.GetRequiredService<IAttachmentStore>().OpenRead(hash);

    private async Task<Guid> UploadAsync(ClaimsPrincipal person, RoomView room, byte[] bytes, Guid id) =>
        (await Uploads.ReceiveAsync(person, new Upload(id, AttachmentOwner.Room, room.Id, "file.txt"), new MemoryStream(bytes), default)).Id;

    private async Task<Guid> UploadAsync(ClaimsPrincipal person, RoomView room, byte[] bytes, string name = "file.txt") =>
        (await Uploads.ReceiveAsync(person, new Upload(Guid.NewGuid(), AttachmentOwner.Room, room.Id, name), new MemoryStream(bytes), default)).Id;

    private Task<MessageView> SendAsync(ClaimsPrincipal person, RoomView room, string text, params Guid[] attachments) =>
        _site.Conversation.SendAsync(person, room.Id, Guid.NewGuid(), text, attachments, default);

    private Task<MessagePage> ReadAsync() => _site.Conversation.ReadLatestAsync(_ada, _room.Id, default);

    private async Task<bool> IsSeenAsync(ClaimsPrincipal reader, Guid id, ThumbnailSize? size = null)
    {
        var file = await _site.Services.GetRequiredService<AttachmentFiles>().OpenAsync(reader, id, size, default);
        if (file is not null)
            await file.Content.DisposeAsync();
        return file is not null;
    }

    private async Task<Dictionary<Guid, byte[]>> ReadHashesAsync()
    {
        await using var db = await _site.OpenAsync();
        return await db.Attachments.ToDictionaryAsync(attachment => attachment.Id, attachment => attachment.Hash);
    }

    private static async Task RefusedAsync(RefusalCode code, Func<Task> command) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RefusedException>(command)).Code);
}
