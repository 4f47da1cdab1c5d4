using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms;

/// <summary>Searching messages beside a room, and as a page on a phone.</summary>
public sealed class SearchTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _room = default!;
    private Room _other = default!;
    private Member _member = default!;
    private Person _wide = default!;
    private Person _phone = default!;

    public async ValueTask InitializeAsync()
    {
        _member = await site.JoinAsync("김민수");
        _room = await site.AddRoomAsync(_member);
        _other = await site.AddRoomAsync(_member);
        _wide = await browser.NewPersonAsync(_member, width: 1440, height: 900);
        _phone = await browser.NewPersonAsync(_member, width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _phone.DisposeAsync();
        await _wide.DisposeAsync();
        _member.Dispose();
    }

    [Fact]
    public async Task What_was_said_is_found_by_keys_and_opened_in_place()
    {
        await site.FillRoomAsync(_other, _member, 1, _ => "다음 주 서울에서 만나요", lastRead: 1);
        await site.FillRoomAsync(_room, _member, 120, sequence => sequence == 1 ? "내일 서울역 앞에서 봐요" : $"message {sequence}", lastRead: 120);
        await IndexedAsync();
        var page = _wide.Page;
        await _wide.OpenRoomAsync(_room.Id);

        // Ctrl+F opens the search of the room, with the focus in its box.
        await page.Keyboard.PressAsync("Control+f");
        await Assertions.Expect(Box(_wide)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("서울");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Results(_wide)).ToHaveCountAsync(1);
        await Assertions.Expect(Results(_wide).Locator("mark")).ToHaveTextAsync("서울");

        // Without the room's limit, the other room has a result too. Arrows go to it, and Enter opens it.
        await page.GetByLabel("Only this room").ClickAsync();
        await Assertions.Expect(Results(_wide)).ToHaveCountAsync(2);
        await Box(_wide).FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(_wide.Message(1)).ToHaveAttributeAsync("data-target", "");
        await Assertions.Expect(_wide.Message(1)).ToBeInViewportAsync();
        await _wide.ScreenshotAsync("search-pane-light-wide");
        await _wide.AssertAccessibleAsync();
        await page.Keyboard.PressAsync("F3");
        await page.WaitForURLAsync($"**/rooms/{_other.Id}?q=*#m-1");
        await Assertions.Expect(_wide.Message(1)).ToHaveAttributeAsync("data-target", "");
        await Assertions.Expect(Results(_wide)).ToHaveCountAsync(2);
        await page.Keyboard.PressAsync("Shift+F3");
        await page.WaitForURLAsync($"**/rooms/{_room.Id}?q=*#m-1");

        // The address keeps the search, and "back" returns to the one before.
        await page.ReloadAsync();
        await Assertions.Expect(Results(_wide)).ToHaveCountAsync(2);
        await Box(_wide).FillAsync("from:kim");
        await Box(_wide).PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Nobody is called “kim”.");
        await page.GoBackAsync();
        await Assertions.Expect(Results(_wide)).ToHaveCountAsync(2);
        await Box(_wide).PressAsync("Escape");
        await Assertions.Expect(Box(_wide)).ToHaveCountAsync(0);

        // A phone has a page of results.
        await _phone.OpenRoomAsync(_room.Id);
        await _phone.Page.GetByRole(AriaRole.Link, new() { Name = "Search messages" }).TapAsync();
        await _phone.Page.WaitForURLAsync($"**/search?q=&in={_room.Id}");
        await _phone.ScreenshotAsync("search-empty-dark-360");
        await Box(_phone).FillAsync("서울");
        await Box(_phone).PressAsync("Enter");
        await Assertions.Expect(Results(_phone)).ToHaveCountAsync(1);
        await _phone.ScreenshotAsync("search-dark-360");
        await _phone.AssertAccessibleAsync();
        await Results(_phone).TapAsync();
        await Assertions.Expect(_phone.Message(1)).ToHaveAttributeAsync("data-target", "");
        await _phone.Page.GoBackAsync();
        await Assertions.Expect(Results(_phone)).ToHaveCountAsync(1);
    }

    private static ILocator Box(Person person) => person.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search messages" })
        .Or(person.Page.GetByRole(AriaRole.Combobox, new() { Name = "Search messages" }));

    private static ILocator Results(Person person) => person.Page.Locator(".search [data-result]");

    /// <summary>Waits until the node has indexed what was sent.</summary>
    private async Task IndexedAsync()
    {
        await using var database = new DirectDatabase(site.Node.DataFolder);
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        var sent = await database.Db.Rooms.SumAsync(room => room.LastRevision, timeout.Token);
        while (await database.Db.SearchPositions.SumAsync(position => position.Revision, timeout.Token) < sent)
            await Task.Delay(50, timeout.Token);
    }
}
