using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using NetVips;

namespace BlazorChat.Tests.Browser.Attachments;

/// <summary>People's own pictures, from where one chooses them to where others see them.</summary>
public sealed class AvatarTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private static readonly (int Red, int Green, int Blue) Blue = (30, 60, 200);
    private static readonly (int Red, int Green, int Blue) Orange = (230, 140, 20);

    private Room _room = default!;
    private Member _adaAccount = default!;
    private Person _ada = default!;
    private Person _zoe = default!;

    public async ValueTask InitializeAsync()
    {
        _adaAccount = await site.JoinAsync("Ada");
        using var zoe = await site.JoinAsync("Zoe");
        _room = await site.AddRoomAsync(_adaAccount, zoe);
        _ada = await browser.NewPersonAsync(_adaAccount, width: 360, height: 740, scheme: ColorScheme.Dark);
        _zoe = await browser.NewPersonAsync(zoe);
        await _ada.OpenRoomAsync(_room.Id);
        await _ada.SendMessageAsync("hello");
        await _zoe.OpenRoomAsync(_room.Id);
        await _zoe.SeesAsync("hello");
    }

    public async ValueTask DisposeAsync()
    {
        await _zoe.DisposeAsync();
        await _ada.DisposeAsync();
        _adaAccount.Dispose();
    }

    [Fact]
    public async Task The_others_see_a_new_picture_without_a_reload_and_after_one_and_among_the_members()
    {
        await Assertions.Expect(_zoe.Avatar(1)).ToHaveCountAsync(0);

        await _ada.SendAvatarAsync(Png(Blue));
        await SeesAsync(_zoe.Avatar(1), Blue);
        await _ada.SendAvatarAsync(Png(Orange));
        await SeesAsync(_zoe.Avatar(1), Orange);

        await _zoe.Page.GetByRole(AriaRole.Button, new() { Name = "Members" }).ClickAsync();
        await SeesAsync(_zoe.Page.GetByRole(AriaRole.Dialog).Locator("[data-avatar]"), Orange);
        await _zoe.ScreenshotAsync("avatars-members");
        await _zoe.AssertAccessibleAsync();
        await _zoe.OpenRoomAsync(_room.Id);
        await SeesAsync(_zoe.Avatar(1), Orange);
        await _zoe.ScreenshotAsync("avatars-room");

        await _ada.Page.GotoAsync("account/avatar");
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Assertions.Expect(_zoe.Avatar(1)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_address_that_a_page_has_kept_leads_to_the_picture_of_now_and_to_the_initial_when_there_is_none()
    {
        await _ada.SendAvatarAsync(Png(Blue));
        await SeesAsync(_zoe.Avatar(1), Blue);
        var old = await _zoe.Avatar(1).GetAttributeAsync("src");
        await _ada.SendAvatarAsync(Png(Orange));
        await SeesAsync(_zoe.Avatar(1), Orange);

        await _zoe.Avatar(1).EvaluateAsync("(image, old) => image.src = `${old}?kept`", old);
        await SeesAsync(_zoe.Avatar(1), Orange);

        await using (var database = new DirectDatabase(site.Node.DataFolder))
        {
            // No pending change renders the row again.
            Assert.Equal(ThumbnailState.Ready, (await database.Db.Attachments.SingleAsync(a => a.Owner == AttachmentOwner.Person && a.OwnerId == _adaAccount.Id)).Thumbnails);
            await database.Db.Users.Where(user => user.Id == _adaAccount.Id).ExecuteUpdateAsync(user => user.SetProperty(u => u.AvatarId, (Guid?)null));
        }

        await _zoe.Avatar(1).EvaluateAsync("(image, old) => image.src = `${old}?gone`", old);
        await Assertions.Expect(_zoe.Avatar(1)).ToBeHiddenAsync();
        await Assertions.Expect(_zoe.Message(1).Locator(".message-avatar")).ToHaveTextAsync("A");
    }

    [Fact]
    public async Task The_page_of_ones_picture_says_what_has_become_of_it_and_fits_a_narrow_phone()
    {
        await _ada.Page.GotoAsync("account/avatar");
        await Assertions.Expect(_ada.Page.GetByRole(AriaRole.Button, new() { Name = "Remove" })).ToBeHiddenAsync();
        await CheckAsync("avatar-none-dark-360");

        await _ada.SendAvatarAsync(Png(Blue));
        await Assertions.Expect(_ada.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("appears in a moment");
        await CheckAsync("avatar-sent-dark-360");
        await SeesAsync(_zoe.Avatar(1), Blue);
        await _ada.Page.GetByRole(AriaRole.Link, new() { Name = "Refresh" }).ClickAsync();
        await _ada.SeesColourAsync(_ada.Page.GetByRole(AriaRole.Img, new() { Name = "Your current picture" }), Blue.Red, Blue.Green, Blue.Blue);
        await Assertions.Expect(_ada.Page.GetByRole(AriaRole.Status)).ToHaveCountAsync(0);

        await _ada.SendAvatarAsync(new FilePayload { Name = "broken.jpg", MimeType = "image/jpeg", Buffer = TestPictures.Truncated(TestPictures.Jpeg(1500, 1500)) });
        await IsReadAsync();
        await _ada.Page.GotoAsync("account/avatar");
        await Assertions.Expect(_ada.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("can't be read");
        await CheckAsync("avatar-failed-dark-360");
    }

    private Task SeesAsync(ILocator picture, (int Red, int Green, int Blue) colour) =>
        _zoe.SeesColourAsync(picture, colour.Red, colour.Green, colour.Blue);

    private async Task CheckAsync(string screenshot)
    {
        await _ada.ScreenshotAsync(screenshot);
        Assert.Equal(360, await _ada.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await _ada.AssertAccessibleAsync();
    }

    /// <summary>A worker has looked at everything that Ada has sent, and publishes no failure.</summary>
    private async Task IsReadAsync()
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        await using var database = new DirectDatabase(site.Node.DataFolder);
        while (await database.Db.Attachments.AnyAsync(a => a.OwnerId == _adaAccount.Id && a.Owner == AttachmentOwner.Person && a.Thumbnails == ThumbnailState.Pending, timeout.Token))
            await Task.Delay(20, timeout.Token);
    }

    private static FilePayload Png((int Red, int Green, int Blue) colour)
    {
        using var picture = (Image.Black(300, 200, 3) + new double[] { colour.Red, colour.Green, colour.Blue }).Cast(Enums.BandFormat.Uchar);
        return new FilePayload { Name = "me.png", MimeType = "image/png", Buffer = picture.PngsaveBuffer() };
    }
}
