using System.Security.Claims;
using BlazorChat.Attachments.Logo;
using BlazorChat.Attachments.Rights;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Common;
using BlazorChat.Common.Sites;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.EntityFrameworkCore;
using NetVips;

namespace BlazorChat.Tests.Attachments.Logo;

public sealed class LogoStoreTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _admin = default!;
    private ClaimsPrincipal _zoe = default!;

    private LogoStore Store => _site.Services.GetRequiredService<LogoStore>();

    private SiteView Current => _site.Services.GetRequiredService<CurrentSite>().View;

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _admin = await _site.AddPersonAsync("Ada", isAdmin: true);
        _zoe = await _site.AddPersonAsync("Zoe");
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData("png")]
    [InlineData("jpeg")]
    [InlineData("webp")]
    [InlineData("gif")]
    public async Task Every_icon_of_a_logo_is_a_square_of_its_size(string type)
    {
        await SetAsync(type switch
        {
            "png" => TestPictures.Png(300, 100),
            "jpeg" => TestPictures.Jpeg(300, 100),
            "webp" => TestPictures.WebP(30, 10),
            _ => TestPictures.MovingGif(64, 32, 2),
        });

        var hash = await Store.FindAsync(Current.LogoId!.Value, default);
        foreach (var icon in LogoIcon.All)
        {
            await using var content = await _site.Services.GetRequiredService<LogoIcons>().OpenAsync(hash!, icon, default);
            using var picture = Image.NewFromStream(content!);
            Assert.Equal((icon.Size, icon.Size, !icon.IsOpaque), (picture.Width, picture.Height, picture.HasAlpha()));
            Assert.Equal(icon.IsOpaque ? 255 : 0, picture[0, 0][icon.IsOpaque ? 0 : 3]);
        }
    }

    [Fact]
    public async Task A_new_logo_replaces_the_earlier_one_and_removing_it_leaves_nothing()
    {
        await SetAsync(TestPictures.Png(300, 100));
        var first = Current.LogoId!.Value;
        var uploads = _site.Services.GetRequiredService<AttachmentUploads>();
        await Assert.ThrowsAsync<RefusedException>(() => uploads.DiscardAsync(_admin, first, default));
        var owner = _site.Services.GetRequiredService<IEnumerable<IAttachmentOwner>>().Single(owner => owner.Kind == AttachmentOwner.Logo);
        Assert.Equal([first], await owner.FindWantedAsync([first, Guid.NewGuid()], default));

        await SetAsync(TestPictures.WebP(64, 64));

        Assert.Equal(2, Current.Version);
        Assert.Null(await Store.FindAsync(first, default));
        Assert.Equal(1, StoredPictures);
        await Store.RemoveAsync(_admin, default);
        await Store.RemoveAsync(_admin, default);
        Assert.Equal((3, null), (Current.Version, Current.LogoId));
        Assert.Equal(0, StoredPictures);
        await using var db = await _site.OpenAsync();
        Assert.Equal(
            [AuditAction.LogoChanged, AuditAction.LogoChanged, AuditAction.LogoRemoved],
            await db.AuditEntries.OrderBy(entry => entry.Id).Select(entry => entry.Action).ToListAsync());
    }

    [Fact]
    public async Task What_is_no_picture_is_refused_by_its_name_and_leaves_nothing()
    {
        var large = TestPictures.Png(64, 64);
        foreach (var content in new[] { TestPictures.Svg(), TestPictures.Html(), TestPictures.Heic(), "text"u8.ToArray() })
            Assert.Contains("sign.dat", (await RefusedAsync(_admin, content)).Message, StringComparison.Ordinal);
        Assert.Equal(RefusalCode.Invalid, (await RefusedAsync(_admin, TestPictures.PngThatClaims(60_000, 60_000))).Code);
        Assert.Equal(RefusalCode.Invalid, (await RefusedAsync(_admin, TestPictures.Truncated(TestPictures.Png(300, 100)))).Code);
        Assert.Equal(RefusalCode.Invalid, (await RefusedAsync(_admin, large, LogoStore.MaxSize + 1)).Code);
        Assert.Equal(RefusalCode.Invalid, (await RefusedAsync(_admin, [.. large, .. new byte[LogoStore.MaxSize]])).Code);

        Assert.Equal((0, 0), (StoredPictures, Current.Version));
    }

    [Fact]
    public async Task Only_admins_set_and_remove_it()
    {
        Assert.Equal(RefusalCode.Forbidden, (await RefusedAsync(_zoe, TestPictures.Png(64, 64))).Code);
        Assert.Equal(RefusalCode.Forbidden, (await Assert.ThrowsAsync<RefusedException>(() => Store.RemoveAsync(_zoe, default))).Code);
    }

    private int StoredPictures
    {
        get
        {
            using var db = _site.OpenAsync().GetAwaiter().GetResult();
            return db.Attachments.Count();
        }
    }

    private Task SetAsync(byte[] content) => Store.SetAsync(_admin, "sign.png", new MemoryStream(content), content.Length, default);

    private Task<RefusedException> RefusedAsync(ClaimsPrincipal person, byte[] content, long? size = null) => Assert.ThrowsAsync<RefusedException>(
        () => Store.SetAsync(person, "sign.dat", new MemoryStream(content), size ?? content.Length, default));
}
