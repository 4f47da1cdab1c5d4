using System.Text;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.Playwright;
using NetVips;

namespace BlazorChat.Tests.Browser.Attachments;

/// <summary>Files in a room, from one person's hand to the other one's screen.</summary>
public sealed class AttachmentTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _room = default!;
    private Person _ada = default!;
    private Person _zoe = default!;

    public async ValueTask InitializeAsync()
    {
        using var ada = await site.JoinAsync("Ada");
        using var zoe = await site.JoinAsync("Zoe");
        _room = await site.AddRoomAsync(ada, zoe);
        _ada = await browser.NewPersonAsync(ada);
        _zoe = await browser.NewPersonAsync(zoe, width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
        await _ada.OpenRoomAsync(_room.Id);
        await _zoe.OpenRoomAsync(_room.Id);
    }

    public async ValueTask DisposeAsync()
    {
        await _zoe.DisposeAsync();
        await _ada.DisposeAsync();
    }

    [Fact]
    public async Task Pictures_that_are_pasted_and_dropped_are_seen_by_the_other_person_and_open_in_the_viewer()
    {
        await _ada.PasteAsync(Png("first.png", 1600, 900, 200));
        await _ada.DropAsync(Png("second.png", 300, 500, 90));
        await Assertions.Expect(_ada.Tray.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await _ada.ScreenshotAsync("attachments-tray");
        await _ada.SendMessageAsync("Look at *this*");

        await _zoe.SeesAsync("Look at this");
        await _zoe.SeesPictureAsync("first.png");
        await _zoe.SeesPictureAsync("second.png");
        await Assertions.Expect(_ada.Tray).ToBeHiddenAsync();
        Assert.Equal(360, await _zoe.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await _zoe.ScreenshotAsync("attachments-dark-360");

        await _ada.SeesPictureAsync("second.png");
        await _ada.ScreenshotAsync("attachments-light-wide");
        await _ada.AssertAccessibleAsync();
        await _ada.Picture("first.png").ClickAsync();
        await Assertions.Expect(_ada.Viewer.GetByRole(AriaRole.Img, new() { Name = "first.png" })).ToBeVisibleAsync();
        await _ada.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(_ada.Viewer.GetByRole(AriaRole.Img, new() { Name = "second.png" })).ToBeVisibleAsync();
        await Assertions.Expect(_ada.Viewer.GetByRole(AriaRole.Button, new() { Name = "Next picture" })).ToBeDisabledAsync();
        await _ada.ScreenshotAsync("viewer");
        await _ada.AssertAccessibleAsync();
        await _ada.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(_ada.Viewer).ToBeHiddenAsync();
        await Assertions.Expect(_ada.Picture("second.png")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_picture_alone_is_large_in_the_middle_of_the_viewer()
    {
        await _ada.AttachAsync(Png("alone.png", 1600, 900, 200));
        await _ada.SendMessageAsync("Just one");
        await _ada.SeesPictureAsync("alone.png");

        await _ada.Picture("alone.png").ClickAsync();
        var picture = _ada.Viewer.GetByRole(AriaRole.Img, new() { Name = "alone.png" });
        await picture.EvaluateAsync("image => image.decode()");

        var (box, window) = ((await picture.BoundingBoxAsync())!, _ada.Page.ViewportSize!);
        Assert.InRange(box.Width, window.Width / 2, window.Width);
        Assert.Equal(window.Width / 2, box.X + (box.Width / 2), 2.0);
    }

    [Fact]
    public async Task A_file_that_is_no_picture_is_a_card_and_is_saved_under_its_name()
    {
        await _ada.AttachAsync(new FilePayload { Name = "notes.txt", MimeType = "text/plain", Buffer = Encoding.UTF8.GetBytes("hello") });
        await _ada.Composer.PressAsync("Enter");

        var card = _zoe.Page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Link, new() { Name = "notes.txt" });
        await card.WaitForAsync();
        var download = await _zoe.Page.RunAndWaitForDownloadAsync(() => card.ClickAsync());
        Assert.Equal("notes.txt", download.SuggestedFilename);
        Assert.Equal("hello", await File.ReadAllTextAsync(await download.PathAsync()));
    }

    [Fact]
    public async Task A_message_waits_for_its_files_and_the_next_one_for_it()
    {
        var uploads = await HoldUploadsAsync();
        await _ada.AttachAsync(Png("slow.png", 200, 100, 50));
        await _ada.SendMessageAsync("with a picture");
        await _ada.SendMessageAsync("after it");
        await _zoe.SendMessageAsync("meanwhile");
        await _ada.SeesAsync("meanwhile");
        await Assertions.Expect(_ada.Outbox).ToContainTextAsync("slow.png");

        uploads.SetResult(true);

        await _zoe.SeesAsync("after it");
        Assert.Equal(["meanwhile", "with a picture", "after it"], (await _zoe.LinesAsync()).Select(line => line.Trim()));
        await _zoe.SeesPictureAsync("slow.png");
    }

    [Fact]
    public async Task What_waits_for_its_files_can_be_taken_back_and_goes_later()
    {
        var uploads = await HoldUploadsAsync();
        await _ada.AttachAsync(Png("kept.png", 200, 100, 50), Png("gone.png", 100, 100, 70));
        await _ada.SendMessageAsync("not yet");

        await _ada.Outbox.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("not yet");
        await _ada.Tray.GetByRole(AriaRole.Button, new() { Name = "Remove gone.png" }).ClickAsync();
        await Assertions.Expect(_ada.Tray.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        uploads.SetResult(true);
        await _ada.Composer.PressAsync("Enter");

        await _zoe.SeesAsync("not yet");
        await _zoe.SeesPictureAsync("kept.png");
        await Assertions.Expect(_zoe.Picture("gone.png")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_is_tried_again_and_one_of_a_page_that_is_gone_goes_on_in_the_next()
    {
        _ada.ExpectedErrors.Add("ERR_FAILED");
        await _ada.Page.RouteAsync("**/attachments/**", route => route.AbortAsync());
        await _ada.AttachAsync(Png("again.png", 200, 100, 50));
        await Assertions.Expect(_ada.Tray).ToContainTextAsync("not uploaded yet");
        await _ada.Page.ReloadAsync();
        await _ada.ReadyToWriteAsync();
        await Assertions.Expect(_ada.Tray).ToContainTextAsync("not uploaded yet");
        await _ada.Page.UnrouteAllAsync();

        await _ada.Tray.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await _ada.SendMessageAsync("at last");

        await _zoe.SeesAsync("at last");
        await _zoe.SeesPictureAsync("again.png");
    }

    [Fact]
    public async Task What_exceeds_a_limit_is_refused_at_once_and_the_rest_stays()
    {
        await _ada.AttachAsync([.. Enumerable.Range(1, 11).Select(i => new FilePayload { Name = $"{i}.txt", MimeType = "text/plain", Buffer = [1] })]);
        await Assertions.Expect(_ada.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("A message has at most 10 files.");
        await Assertions.Expect(_ada.Tray.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(10);

        await _ada.DropAsync(new FilePayload { Name = "empty.txt", MimeType = "text/plain", Buffer = [] });
        await _ada.Composer.PressAsync("Enter");
        await _zoe.Page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Link, new() { Name = "10.txt" }).WaitForAsync();
    }

    [Fact]
    public async Task A_picture_has_its_place_until_a_worker_comes_and_then_is_there_on_every_page_without_moving_anything()
    {
        await using var redis = await RedisServer.StartAsync();
        var (folder, shared) = (Node.NewDataFolder(), $"ConnectionStrings:Redis={redis.ConnectionString}");
        await using var node = await HostedNode.StartAsync(folder, shared, "Channels:Workers:Run=false");
        await using var eve = await browser.NewPersonAsync(node.Address, "Eve");
        await eve.SetUpSiteAsync();
        await eve.OpenRoomAsync(1);
        await eve.AttachAsync(Png("later.png", 800, 600, 30));
        await eve.SendMessageAsync("a picture");
        await eve.SendMessageAsync("below it");
        await eve.SeesAsync("below it");
        await Assertions.Expect(eve.Picture("later.png").Locator("img")).ToHaveCountAsync(0);
        await eve.ScreenshotAsync("attachments-placeholder");
        var before = await eve.Message(2).BoundingBoxAsync();

        await using var worker = await HostedNode.StartAsync(folder, shared);

        await eve.SeesPictureAsync("later.png");
        var after = await eve.Message(2).BoundingBoxAsync();
        Assert.Equal((before!.X, before.Y), (after!.X, after.Y));
    }

    /// <summary>Ada's uploads stand still until the result is set.</summary>
    private async Task<TaskCompletionSource<bool>> HoldUploadsAsync()
    {
        var released = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _ada.Page.RouteAsync("**/attachments/*?*", async route =>
        {
            await released.Task;
            try
            {
                await route.ContinueAsync();
            }
            catch (PlaywrightException)
            {
                // The page has given it up meanwhile.
            }
        });
        return released;
    }

    private static FilePayload Png(string name, int width, int height, double grey)
    {
        using var picture = (Image.Black(width, height, 3) + new[] { grey, 120, 255 - grey }).Cast(Enums.BandFormat.Uchar);
        return new FilePayload { Name = name, MimeType = "image/png", Buffer = picture.PngsaveBuffer() };
    }
}
