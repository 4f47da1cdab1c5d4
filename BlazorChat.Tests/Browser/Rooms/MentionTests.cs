using BlazorChat.Data.Entities.Rooms;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms;

/// <summary>Mentions: the completion of names, the marks of one's own, and their list.</summary>
public sealed class MentionTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _room = default!;
    private Member _adaMember = default!;
    private Member _zoeMember = default!;
    private Member _minsuMember = default!;
    private Person _ada = default!;
    private Person _zoe = default!;
    private string _zoesHandle = "";
    private string _minsusHandle = "";

    private ILocator Names => NamesOf(_ada);

    public async ValueTask InitializeAsync()
    {
        _adaMember = await site.JoinAsync("Ada");
        _zoeMember = await site.JoinAsync("Zoë");
        _minsuMember = await site.JoinAsync("김민수");
        _room = await site.AddRoomAsync(_adaMember, _zoeMember, _minsuMember);
        _zoesHandle = await site.HandleOfAsync(_zoeMember.Id);
        _minsusHandle = await site.HandleOfAsync(_minsuMember.Id);
        _ada = await browser.NewPersonAsync(_adaMember);
        _zoe = await browser.NewPersonAsync(_zoeMember, width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _zoe.DisposeAsync();
        await _ada.DisposeAsync();
        _adaMember.Dispose();
        _zoeMember.Dispose();
        _minsuMember.Dispose();
    }

    [Fact]
    public async Task Names_are_completed_by_keys_and_own_mentions_are_marked()
    {
        await _ada.OpenRoomAsync(_room.Id);
        await _zoe.OpenRoomAsync(_room.Id);

        await _ada.Page.Keyboard.TypeAsync("hi @ZO");
        await Assertions.Expect(Names.GetByRole(AriaRole.Option)).ToHaveTextAsync([$"Zoë @{_zoesHandle}"]);
        await Assertions.Expect(_ada.Composer).ToHaveAttributeAsync("aria-expanded", "true");
        await _ada.ScreenshotAsync("completion-light-wide");
        await _ada.AssertAccessibleAsync();
        await _ada.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync($"hi @{_zoesHandle} ");
        await Assertions.Expect(Names).ToBeHiddenAsync();

        // Arrows choose, Tab inserts, Escape closes and leaves the text; addresses open nothing.
        await _ada.Page.Keyboard.TypeAsync("and @");
        await Assertions.Expect(Names.GetByRole(AriaRole.Option)).ToHaveCountAsync(4);
        await _ada.Page.Keyboard.PressAsync("ArrowUp");
        await Assertions.Expect(Names.GetByRole(AriaRole.Option, new() { Selected = true })).ToHaveTextAsync("Everyone online in this room @here");
        await _ada.Page.Keyboard.PressAsync("ArrowUp");
        await Assertions.Expect(Names.GetByRole(AriaRole.Option, new() { Selected = true })).ToHaveTextAsync("Everyone in this room @room");
        await _ada.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync($"hi @{_zoesHandle} and @room ");
        await _ada.Page.Keyboard.TypeAsync("a@z @z");
        await Assertions.Expect(Names).ToBeVisibleAsync();
        await _ada.Page.Keyboard.PressAsync("Escape");
        await _ada.Page.Keyboard.TypeAsync("o");
        await Assertions.Expect(Names).ToBeHiddenAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync($"hi @{_zoesHandle} and @room a@z @zo");
        await Assertions.Expect(_ada.Composer).Not.ToHaveAttributeAsync("role", "combobox");

        // The room is small, so it is not asked about.
        await _ada.Page.Keyboard.PressAsync("Enter");
        await _zoe.SeesAsync("hi @Zoë and @room a@z @zo");
        await Assertions.Expect(_zoe.Message(1)).ToHaveAttributeAsync("data-mentioned", "");
        await Assertions.Expect(_zoe.Message(1).Locator(".mention[data-own]")).ToHaveTextAsync(["@Zoë", "@room"]);
        await _ada.SeesAsync("hi @Zoë");
        await Assertions.Expect(_ada.Message(1).Locator(".mention")).ToHaveCountAsync(2);
        await Assertions.Expect(_ada.Message(1).Locator("[data-own]")).ToHaveCountAsync(0);
        await Assertions.Expect(_ada.Message(1)).Not.ToHaveAttributeAsync("data-mentioned", "");
        await _ada.ScreenshotAsync("mention-light-wide");
        await _zoe.ScreenshotAsync("mention-own-dark-360");
        await _ada.AssertAccessibleAsync();
        await _zoe.AssertAccessibleAsync();

        // Rows that the circuit sends again are marked again, and an edit removes a mark.
        await _zoe.OpenRoomAsync(_room.Id);
        await Assertions.Expect(_zoe.Message(1)).ToHaveAttributeAsync("data-mentioned", "");
        await _ada.Composer.PressAsync("ArrowUp");
        await Assertions.Expect(_ada.Composer).Not.ToHaveValueAsync("");
        await _ada.SendMessageAsync("nobody");
        await _zoe.SeesAsync("nobody");
        await Assertions.Expect(_zoe.Message(1)).Not.ToHaveAttributeAsync("data-mentioned", "");
    }

    [Fact]
    public async Task Names_are_completed_by_a_finger()
    {
        await _zoe.OpenRoomAsync(_room.Id);
        await _zoe.Composer.TapAsync();

        await _zoe.Page.Keyboard.TypeAsync("@");
        var names = NamesOf(_zoe);
        await Assertions.Expect(names.GetByRole(AriaRole.Option)).ToHaveCountAsync(4);
        await _zoe.ScreenshotAsync("completion-dark-360");
        Assert.InRange((await names.GetByRole(AriaRole.Option).First.BoundingBoxAsync())!.Height, 44, 60);
        await names.GetByRole(AriaRole.Option, new() { Name = "김민수" }).TapAsync();

        await Assertions.Expect(_zoe.Composer).ToHaveValueAsync($"@{_minsusHandle} ");
        await Assertions.Expect(_zoe.Composer).ToBeFocusedAsync();
        await _zoe.Page.Keyboard.TypeAsync($"#{_room.Name[..3]}");
        await names.GetByRole(AriaRole.Option, new() { Name = _room.Name, Exact = true }).TapAsync();
        await Assertions.Expect(_zoe.Composer).ToHaveValueAsync($"@{_minsusHandle} #{_room.Name.Replace(' ', '-')} ");
        await _zoe.SendAsync();
        await _zoe.SeesAsync($"@김민수 #{_room.Name}");
        await Assertions.Expect(_zoe.Message(1).Locator(".room-link")).ToHaveAttributeAsync("href", $"/rooms/{_room.Id}");
    }

    [Fact]
    public async Task Completion_is_not_in_the_way_of_an_input_method()
    {
        await _ada.OpenRoomAsync(_room.Id);
        var input = await _ada.Page.Context.NewCDPSessionAsync(_ada.Page);
        await _ada.Page.Keyboard.TypeAsync("@");

        // The syllable grows while it is composed: 기, 김, 김미, 김민.
        await ComposeAsync("기");
        await Assertions.Expect(Names.GetByRole(AriaRole.Option)).ToHaveTextAsync([$"김민수 @{_minsusHandle}"]);
        await ComposeAsync("김미");
        await Assertions.Expect(Names.GetByRole(AriaRole.Option)).ToHaveTextAsync([$"김민수 @{_minsusHandle}"]);
        // Keys of the input method: while composing, and Safari's Enter after the composition.
        foreach (var key in new[] { "{ key: 'Enter', isComposing: true }", "{ key: 'Enter', keyCode: 229 }", "{ key: 'Tab', isComposing: true }", "{ key: 'ArrowDown', keyCode: 229 }" })
        {
            Assert.True(await _ada.Composer.EvaluateAsync<bool>(
                $"box => box.dispatchEvent(new KeyboardEvent('keydown', {{ ...{key}, bubbles: true, cancelable: true }}))"));
        }

        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("@김미");
        await Assertions.Expect(_ada.Outbox.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(0);

        // A choice by the mouse ends the composition first.
        await Names.GetByRole(AriaRole.Option).ClickAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync($"@{_minsusHandle} ");
        await Assertions.Expect(_ada.Composer).ToBeFocusedAsync();
        await _ada.Page.Keyboard.PressAsync("Backspace");
        await input.SendAsync("Input.insertText", new() { ["text"] = "님 안녕" });
        await _ada.Page.Keyboard.PressAsync("Enter");
        await _ada.SeesAsync("@김민수님 안녕");

        Task ComposeAsync(string text) => input.SendAsync(
            "Input.imeSetComposition", new() { ["text"] = text, ["selectionStart"] = text.Length, ["selectionEnd"] = text.Length });
    }

    [Fact]
    public async Task The_list_of_mentions_leads_to_each_message()
    {
        await site.FillRoomAsync(_room, _zoeMember, 150, i => $"text {i}", lastRead: 150);
        await _ada.Page.GotoAsync("mentions");
        await _ada.Page.Locator(".mention-list[data-ready]").WaitForAsync();
        await _ada.Page.GetByText("No mentions yet").WaitForAsync();
        await _zoe.OpenRoomAsync(_room.Id);

        await _zoe.SendMessageAsync($"@{await site.HandleOfAsync(_adaMember.Id)} look");
        var link = _ada.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link).Filter(new() { HasText = "@Ada look" });
        await link.WaitForAsync();
        for (var i = 0; i < 20; i++)
            await _zoe.SendMessageAsync($"later {i}");
        await _zoe.SeesAsync("later 19");
        await _ada.ScreenshotAsync("mentions-light-wide");
        await _ada.AssertAccessibleAsync();
        await link.ClickAsync();

        await _ada.ReadyToWriteAsync();
        await Assertions.Expect(_ada.Message(151)).ToBeInViewportAsync();
        await Assertions.Expect(_ada.Message(151)).ToHaveAttributeAsync("data-target", "");
        await Assertions.Expect(_ada.Message(151)).ToHaveAttributeAsync("data-mentioned", "");
        // The same address in a new page.
        await _zoe.Page.GotoAsync("mentions");
        await _zoe.Page.Locator(".mention-list[data-ready]").WaitForAsync();
        await _zoe.ScreenshotAsync("mentions-dark-360");
        await _ada.Page.GotoAsync($"rooms/{_room.Id}#m-40");
        await Assertions.Expect(_ada.Message(40)).ToBeInViewportAsync();
        Assert.Equal(360, await _zoe.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    private static ILocator NamesOf(Person person) => person.Page.GetByRole(AriaRole.Listbox, new() { Name = "Suggestions" });
}
