using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Avatars;
using BlazorChat.Attachments.Rights;
using BlazorChat.Attachments.Serving;
using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Common;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Attachments.Avatars;

public sealed class AvatarsTests
{
    internal static readonly byte[] Dot = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static readonly byte[] Gif = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    [Fact]
    public async Task The_last_picture_is_the_persons_and_the_one_before_goes_with_its_file()
    {
        await using var site = await TestDatabase.CreateAsync();
        var ada = await site.AddPersonAsync("Ada");
        var zoe = await site.AddPersonAsync("Zoe");
        var avatars = site.Services.GetRequiredService<AvatarStore>();
        var files = site.Services.GetRequiredService<AttachmentFiles>();

        var first = await SetAsync(site, ada, Dot);
        await using var db = await site.OpenAsync();
        var hash = await db.Attachments.Where(a => a.Id == first).Select(a => a.Hash).SingleAsync();
        var second = await SetAsync(site, ada, Gif);

        Assert.NotEqual(first, second);
        Assert.Equal(second, (await db.Attachments.AsNoTracking().SingleAsync()).Id);
        Assert.Null(site.Services.GetRequiredService<IAttachmentStore>().OpenRead(hash));
        var seen = await files.OpenAsync(zoe, second, ThumbnailSize.Small, default);
        Assert.NotNull(seen);
        await seen.Content.DisposeAsync();
        Assert.Null(await files.OpenAsync(new ClaimsPrincipal(new ClaimsIdentity()), second, ThumbnailSize.Small, default));

        await avatars.RemoveAsync(ada, default);

        Assert.Null(await avatars.FindAsync(ada, default));
        Assert.False(await db.Attachments.AnyAsync());
    }

    [Fact]
    public async Task Nobody_changes_the_picture_of_somebody_else_or_has_one_that_is_none()
    {
        await using var site = await TestDatabase.CreateAsync();
        var ada = await site.AddPersonAsync("Ada");
        var zoe = await site.AddPersonAsync("Zoe");
        var uploads = site.Services.GetRequiredService<AttachmentUploads>();
        var avatars = site.Services.GetRequiredService<AvatarStore>();

        await Assert.ThrowsAsync<RefusedException>(() => uploads.ReceiveAsync(
            zoe, new Upload(Guid.NewGuid(), AttachmentOwner.Person, ada.UserId, "x.png"), new MemoryStream(Dot), default));
        await Assert.ThrowsAsync<RefusedException>(() => avatars.SetAsync(ada, "x.png", new MemoryStream("no"u8.ToArray()), 2, default));
        await Assert.ThrowsAsync<RefusedException>(() => avatars.SetAsync(ada, "x.png", new MemoryStream(Dot), AvatarStore.MaxSize + 1, default));

        await using var db = await site.OpenAsync();
        Assert.False(await db.Attachments.AnyAsync());
    }

    [Fact]
    public async Task A_job_that_is_done_twice_brings_back_no_picture_that_was_taken_away_meanwhile()
    {
        await using var site = await TestDatabase.CreateAsync();
        var ada = await site.AddPersonAsync("Ada");
        var picture = await SetAsync(site, ada, Dot);
        await using var db = await site.OpenAsync();
        await db.Users.ExecuteUpdateAsync(user => user.SetProperty(u => u.AvatarId, (Guid?)null));

        await site.Services.GetServices<IAttachmentOwner>().OfType<AvatarOwner>().Single().SetThumbnailsAsync(ada.UserId, picture, ThumbnailState.Ready, default);

        Assert.Null(await site.Services.GetRequiredService<AvatarStore>().FindAsync(ada, default));
    }

    [Fact]
    public async Task Writing_all_of_a_person_keeps_their_picture()
    {
        await using var site = await TestDatabase.CreateAsync();
        var ada = await site.AddPersonAsync("Ada");
        await using var db = await site.OpenAsync();
        // As Identity's store does it: read, and later written with all that was read.
        var known = await db.Users.AsNoTracking().SingleAsync();
        var picture = await SetAsync(site, ada, Dot);

        db.Update(known);
        await db.SaveChangesAsync();

        Assert.Equal(picture, await site.Services.GetRequiredService<AvatarStore>().FindAsync(ada, default));
    }

    private static async Task<Guid> SetAsync(TestDatabase site, ClaimsPrincipal person, byte[] picture)
    {
        var avatars = site.Services.GetRequiredService<AvatarStore>();
        await avatars.SetAsync(person, "me.png", new MemoryStream(picture), picture.Length, default);
        await using var db = await site.OpenAsync();
        var id = await db.Attachments.OrderByDescending(a => a.UploadedAt).Select(a => a.Id).FirstAsync();
        await site.Services.GetRequiredService<ThumbnailMaker>().MakeAsync(id, default);
        Assert.Equal(id, await avatars.FindAsync(person, default));
        return id;
    }
}
