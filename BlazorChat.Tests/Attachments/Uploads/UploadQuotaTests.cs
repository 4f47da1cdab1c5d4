using System.Security.Claims;
using BlazorChat.Attachments;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Rooms.Directory;
using Microsoft.Extensions.Options;

namespace BlazorChat.Tests.Attachments.Uploads;

public sealed class UploadQuotaTests : IAsyncLifetime
{
    private readonly Disk _disk = new();
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;
    private RoomView _room = default!;

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
        _room = await _site.Rooms.CreateAsync(_ada, "Open", default);
        await _site.Rooms.JoinAsync(_zoe, _room.Id, default);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task G6_What_one_person_has_uploaded_counts_sent_or_not()
    {
        var uploads = Uploads(new AttachmentOptions { MaxPerPerson = 10 });
        var sent = await UploadAsync(uploads, _ada, 6);
        await _site.Conversation.SendAsync(_ada, _room.Id, Guid.NewGuid(), "", [sent], default);
        await UploadAsync(uploads, _ada, 4);

        var refused = await Assert.ThrowsAsync<RefusedException>(() => UploadAsync(uploads, _ada, 1));

        Assert.Equal(RefusalCode.Conflict, refused.Code);
        Assert.Contains("10 B", refused.Message, StringComparison.Ordinal);
        await UploadAsync(uploads, _zoe, 10);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task G6_All_files_together_have_a_limit_whatever_length_an_uploader_declares(long declared)
    {
        var uploads = Uploads(new AttachmentOptions { MaxInAll = 10 });
        await UploadAsync(uploads, _ada, 6);

        var refused = await Assert.ThrowsAsync<RefusedException>(() => UploadAsync(uploads, _zoe, 5, declared));

        Assert.Equal(RefusalCode.Full, refused.Code);
        await UploadAsync(uploads, _zoe, 4);
    }

    [Fact]
    public async Task G6_The_last_of_a_disk_is_not_for_files()
    {
        var uploads = Uploads(new AttachmentOptions { MinFreeSpace = 100 });
        _disk.Free = 104;

        var refused = await Assert.ThrowsAsync<RefusedException>(() => UploadAsync(uploads, _ada, 5));

        Assert.Equal(RefusalCode.Full, refused.Code);
        await UploadAsync(uploads, _ada, 4);
    }

    [Fact]
    public async Task G6_Uploads_that_end_at_once_are_counted_one_after_the_other()
    {
        var uploads = Uploads(new AttachmentOptions { MaxPerPerson = 10 });
        var files = Enumerable.Range(0, 4).Select(_ => new HeldContent(new byte[6])).ToList();
        var receiving = files.ConvertAll(file => uploads.ReceiveAsync(
            _ada, new Upload(Guid.NewGuid(), AttachmentOwner.Room, _room.Id, "file.bin", 6), file, default));
        // Each has found room for its file by the time that it is read.
        await Task.WhenAll(files.Select(file => file.Begun));

        files.ForEach(file => file.Release());

        var refused = 0;
        foreach (var upload in receiving)
        {
            try
            {
                await upload;
            }
            catch (RefusedException)
            {
                refused++;
            }
        }

        Assert.Equal(3, refused);
    }

    private AttachmentUploads Uploads(AttachmentOptions options)
    {
        var settings = Options.Create(options);
        var quota = ActivatorUtilities.CreateInstance<UploadQuota>(_site.Services, "/files", _disk, settings);
        return ActivatorUtilities.CreateInstance<AttachmentUploads>(_site.Services, quota, settings);
    }

    private async Task<Guid> UploadAsync(AttachmentUploads uploads, ClaimsPrincipal person, int length, long declared = 0)
    {
        var upload = new Upload(Guid.NewGuid(), AttachmentOwner.Room, _room.Id, "file.bin", declared);
        return (await uploads.ReceiveAsync(person, upload, new MemoryStream(new byte[length]), default)).Id;
    }

    /// <summary>A file whose bytes come when the test sends them.</summary>
    private sealed class HeldContent(byte[] bytes) : MemoryStream(bytes)
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public void Release() => _released.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _begun.TrySetResult();
            await _released.Task;
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }

    private sealed class Disk : IFreeSpace
    {
        public long Free { get; set; } = long.MaxValue;

        public long Of(string folder) => Free;
    }
}
