using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Tests.Browser.Notifications;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms;

/// <summary>Somebody with two tabs, whom another person mentions: the browser calls once, and not for what one is looking at.</summary>
public sealed class CallTests(BrowserFixture browser, TwoNodeSite site) : IClassFixture<TwoNodeSite>, IAsyncLifetime
{
    private Room _open = default!;
    private Room _other = default!;
    private Room _third = default!;
    private Person _zoe = default!;
    private IPage _tab = default!;
    private Person _ada = default!;

    public async ValueTask InitializeAsync()
    {
        using var zoe = await site.JoinAsync("Zoe");
        using var max = await site.JoinAsync("Max");
        _open = await site.AddRoomAsync(max, zoe);
        _other = await site.AddRoomAsync(max, zoe);
        _third = await site.AddRoomAsync(max, zoe);
        _zoe = await browser.NewPersonAsync(zoe);
        await _zoe.Page.Context.AddInitScriptAsync(RecordedCalls.Script);
        _tab = await _zoe.Page.Context.NewPageAsync();
        _ada = await browser.NewPersonAsync(site.Second.Address, "Max");
        await _ada.BringSessionAsync(max, site.Node.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _ada.DisposeAsync();
        await _zoe.DisposeAsync();
    }

    [Fact]
    public async Task A_mention_calls_once_in_all_tabs_and_a_click_opens_it()
    {
        await _zoe.Page.GotoAsync("account/notifications");
        await _zoe.ScreenshotAsync("notifications-light-wide");
        await _zoe.Page.GetByRole(AriaRole.Button, new() { Name = "Show notifications in this browser" }).ClickAsync();
        await _zoe.Page.GetByText("This browser shows notifications.").WaitForAsync();
        await _zoe.AssertAccessibleAsync();
        await _zoe.OpenRoomAsync(_open.Id);
        await _tab.GotoAsync($"rooms/{_open.Id}");
        await _tab.Locator(".composer[data-ready]").WaitForAsync();
        // A page may play sounds after it was used.
        await _zoe.Composer.ClickAsync();

        await _ada.OpenRoomAsync(_other.Id);
        await _ada.SendMessageAsync("Hello @zoe!");
        var (title, body) = await NoticeAsync(1);
        Assert.Equal(($"Max in {_other.Name}", "Hello @Zoe!"), (title, body));
        Assert.Equal(2, await CountAsync("tones"));
        await Assertions.Expect(_zoe.Page.Locator($"[data-room='{_other.Id}'] .room-nav-mentions")).ToContainTextAsync("1 unread mention");
        await _zoe.ScreenshotAsync("drawer-mention-light-wide");

        // The other tab looks at the room, so its next mention does not call; that in a third room does.
        await _tab.Locator($".room-nav a[href='rooms/{_other.Id}']").ClickAsync();
        await _tab.GetByRole(AriaRole.Log).GetByText("Hello").WaitForAsync();
        await _zoe.Page.WaitForFunctionAsync("() => notices.every(notice => notice.isClosed)");
        await _ada.SendMessageAsync("Still there, @zoe?");
        await _tab.GetByRole(AriaRole.Log).GetByText("Still there").WaitForAsync();
        await _ada.OpenRoomAsync(_third.Id);
        await _ada.SendMessageAsync("@room, look");
        Assert.Equal(($"Max in {_third.Name}", "@room, look"), await NoticeAsync(2));

        foreach (var page in new[] { _zoe.Page, _tab })
            await page.EvaluateAsync("() => notices.findLast(notice => !notice.isClosed)?.dispatchEvent(new Event('click'))");
        await WaitForAsync(async () => new[] { _zoe.Page.Url, _tab.Url }.Count(url => url.EndsWith($"rooms/{_third.Id}#m-1", StringComparison.Ordinal)) == 1);
        Assert.Equal(2, await CountAsync("notices.length"));

        // A reply calls although its room is open, since the room does not show it. The click opens its thread.
        await _ada.Page.GotoAsync($"rooms/{_third.Id}/1");
        await _ada.Page.Locator(".thread .composer[data-ready]").WaitForAsync();
        await _ada.Page.Locator(".thread textarea").FillAsync("And here, @zoe?");
        await _ada.Page.Locator(".thread textarea").PressAsync("Enter");
        Assert.Equal(($"Max in a thread of {_third.Name}", "And here, @Zoe?"), await NoticeAsync(3));
        foreach (var page in new[] { _zoe.Page, _tab })
            await page.EvaluateAsync("() => notices.findLast(notice => !notice.isClosed)?.dispatchEvent(new Event('click'))");
        await WaitForAsync(async () => new[] { _zoe.Page.Url, _tab.Url }.Count(url => url.EndsWith($"rooms/{_third.Id}/1/1", StringComparison.Ordinal)) == 1);
        await _zoe.Page.WaitForFunctionAsync("() => notices.every(notice => notice.isClosed)");
    }

    /// <summary>Waits until the tabs have shown so many notifications together.</summary>
    /// <returns>The newest one.</returns>
    private async Task<(string Title, string Body)> NoticeAsync(int count)
    {
        await WaitForAsync(async () => await CountAsync("notices.length") >= count);
        Assert.Equal(count, await CountAsync("notices.length"));
        var shown = new List<string[]>();
        foreach (var page in new[] { _zoe.Page, _tab })
            shown.AddRange(await page.EvaluateAsync<string[][]>("() => notices.map(notice => [notice.title, notice.body, String(notice.timestamp)])"));
        var newest = shown.MaxBy(notice => double.Parse(notice[2], System.Globalization.CultureInfo.InvariantCulture))!;
        return (newest[0], newest[1]);
    }

    private async Task<int> CountAsync(string expression) =>
        await _zoe.Page.EvaluateAsync<int>(expression) + await _tab.EvaluateAsync<int>(expression);

    private static async Task WaitForAsync(Func<Task<bool>> isReached)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (!await isReached())
            await Task.Delay(50, timeout.Token);
    }
}
