using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Shell;

/// <summary>Ctrl+K and the list of keys.</summary>
public sealed class JumpTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _first = default!;
    private Member _member = default!;
    private Person _ada = default!;

    public async ValueTask InitializeAsync()
    {
        _member = await site.JoinAsync("Ada");
        _first = await site.AddRoomAsync(_member);
        _ada = await browser.NewPersonAsync(_member);
    }

    public async ValueTask DisposeAsync()
    {
        await _ada.DisposeAsync();
        _member.Dispose();
    }

    [Fact]
    public async Task A_room_is_found_by_initial_consonants_and_opened_by_keys()
    {
        var seoul = await AddSeoulAsync();
        await _ada.OpenRoomAsync(_first.Id);
        await _ada.Composer.PressAsync("Control+k");
        var box = _ada.Page.GetByRole(AriaRole.Combobox, new() { Name = "Jump to" });
        var options = _ada.Page.Locator(".jump [role=option]");
        await Assertions.Expect(options.Filter(new() { HasText = "서울" })).ToHaveCountAsync(1);
        await _ada.AssertAccessibleAsync();
        await _ada.ScreenshotAsync("jump-light-wide");

        await box.FillAsync("ㅅㅇ");
        await Assertions.Expect(options).ToHaveTextAsync(["#서울 지부"]);
        await box.FillAsync("no such name");
        await Assertions.Expect(_ada.Page.Locator(".jump-note")).ToHaveTextAsync("No matches");
        await box.FillAsync("지부");
        await box.PressAsync("Enter");

        await _ada.Page.WaitForURLAsync($"**/rooms/{seoul.Id}");
        await Assertions.Expect(_ada.Page.Locator(".jump")).ToBeHiddenAsync();
        await _ada.ReadyToWriteAsync();
        // The room before is the first one.
        await _ada.Composer.PressAsync("Control+k");
        await Assertions.Expect(options.First).ToHaveTextAsync($"#{_first.Name}");
        await box.PressAsync("Escape");
        await Assertions.Expect(_ada.Composer).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_question_mark_shows_the_keys_but_in_a_text_it_is_a_character()
    {
        await _ada.OpenRoomAsync(_first.Id);
        await _ada.Composer.PressSequentiallyAsync("?");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("?");

        await _ada.Page.Locator(".messages").FocusAsync();
        await _ada.Page.Keyboard.PressAsync("?");

        var keys = _ada.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard shortcuts" });
        await Assertions.Expect(keys.Locator("dt").First).ToHaveTextAsync("Ctrl+K");
        await _ada.AssertAccessibleAsync();
        await _ada.ScreenshotAsync("shortcuts-light-wide");
        await _ada.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(keys).ToBeHiddenAsync();
    }

    private async Task<Room> AddSeoulAsync()
    {
        var seoul = await site.AddRoomAsync(_member);
        await using var database = new DirectDatabase(site.Node.DataFolder);
        await database.Db.Rooms.Where(room => room.Id == seoul.Id).ExecuteUpdateAsync(room => room.SetProperty(r => r.Name, "서울 지부"));
        return seoul;
    }
}
