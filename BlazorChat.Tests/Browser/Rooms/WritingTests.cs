using BlazorChat.Data.Entities.Rooms;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms;

/// <summary>The focus, drafts and edits of the composer.</summary>
public sealed class WritingTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _room = default!;
    private Member _adaMember = default!;
    private Member _zoeMember = default!;
    private Person _ada = default!;
    private Person _zoe = default!;

    public async ValueTask InitializeAsync()
    {
        _adaMember = await site.JoinAsync("Ada");
        _zoeMember = await site.JoinAsync("Zoe");
        _room = await site.AddRoomAsync(_adaMember, _zoeMember);
        _ada = await browser.NewPersonAsync(_adaMember);
        _zoe = await browser.NewPersonAsync(_zoeMember, width: 360, height: 740, isTouch: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _zoe.DisposeAsync();
        await _ada.DisposeAsync();
        _adaMember.Dispose();
        _zoeMember.Dispose();
    }

    [Fact]
    public async Task B11_An_opened_room_has_the_focus_in_its_box_except_on_a_phone()
    {
        await _ada.OpenRoomAsync(1);
        await _ada.Page.Keyboard.TypeAsync("in the first");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("in the first");

        await _ada.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = _room.Name }).ClickAsync();
        await Assertions.Expect(_ada.Page.GetByRole(AriaRole.Textbox, new() { Name = $"Message #{_room.Name}" })).ToBeFocusedAsync();
        await _ada.Page.Keyboard.TypeAsync("in the second");
        await _ada.ReadyToWriteAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("in the second");
        await Assertions.Expect(_ada.Composer).ToBeFocusedAsync();

        await _zoe.OpenRoomAsync(_room.Id);
        await Assertions.Expect(_zoe.Composer).Not.ToBeFocusedAsync();
    }

    [Fact]
    public async Task B11_An_opened_dialog_has_the_focus_in_its_first_field()
    {
        await _ada.Page.GotoAsync("");
        await _ada.Page.Locator(".room-list[data-ready]").WaitForAsync();
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "New room" }).ClickAsync();
        var name = _ada.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox, new() { Name = "Name" });
        await Assertions.Expect(name).ToBeFocusedAsync();
        await _ada.Page.Keyboard.TypeAsync("Release");
        await Assertions.Expect(name).ToHaveValueAsync("Release");
        await _ada.Page.Keyboard.PressAsync("Escape");

        await _ada.OpenRoomAsync(_room.Id);
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Members" }).ClickAsync();
        await Assertions.Expect(_ada.Page.Locator("#member-name")).ToBeFocusedAsync();
        await _ada.Page.Keyboard.TypeAsync("Zoe");
        await Assertions.Expect(_ada.Page.Locator("#member-name")).ToHaveValueAsync("Zoe");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("");
    }

    [Fact]
    public async Task B12_The_edited_message_is_visible_and_marked_and_its_changes_are_discarded_only_after_a_question()
    {
        await _ada.OpenRoomAsync(_room.Id);
        await _zoe.OpenRoomAsync(_room.Id);
        await _ada.SendMessageAsync("mine");
        await _zoe.SeesAsync("mine");
        for (var i = 0; i < 40; i++)
            await _zoe.SendMessageAsync($"hers {i}");
        await _ada.SeesAsync("hers 39");
        await Assertions.Expect(_ada.Message(1)).Not.ToBeInViewportAsync();

        await _ada.Composer.PressAsync("ArrowUp");

        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("mine");
        await Assertions.Expect(_ada.Message(1)).ToBeInViewportAsync();
        await Assertions.Expect(_ada.Message(1)).ToHaveAttributeAsync("data-edited", "");
        await _ada.ScreenshotAsync("edit-marked-light-wide");

        await _ada.Page.Keyboard.TypeAsync(", and more");
        await _ada.Page.Keyboard.PressAsync("Escape");
        var question = _ada.Page.GetByRole(AriaRole.Alertdialog, new() { Name = "Stop editing?" });
        await Assertions.Expect(question.GetByRole(AriaRole.Button, new() { Name = "Keep editing" })).ToBeFocusedAsync();
        await _ada.ScreenshotAsync("edit-question-light-wide");
        await _ada.AssertAccessibleAsync();
        await _ada.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(question).ToBeHiddenAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("mine, and more");
        await _ada.Page.Keyboard.PressAsync("Escape");
        await question.GetByRole(AriaRole.Button, new() { Name = "Save as draft" }).ClickAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("");
        await Assertions.Expect(_ada.Message(1)).Not.ToHaveAttributeAsync("data-edited", "");

        // The draft of the edit is back when the message is edited again, also after a reload, and gone when it was saved.
        await _ada.OpenRoomAsync(_room.Id);
        await _ada.Composer.PressAsync("ArrowUp");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("mine, and more");
        await _ada.Page.Keyboard.PressAsync("Enter");
        await _zoe.SeesAsync("mine, and more");
        await _ada.Composer.PressAsync("ArrowUp");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("mine, and more");
        await _ada.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("");
    }

    [Fact]
    public async Task B13_A_draft_belongs_to_its_tab_and_is_gone_after_it_was_sent()
    {
        await _ada.OpenRoomAsync(_room.Id);
        await using var other = new Person("Ada", await _ada.Page.Context.NewPageAsync());
        await other.OpenRoomAsync(_room.Id);
        await _ada.Composer.FillAsync("long draft");

        await other.SendMessageAsync("x");
        await _ada.SeesAsync("x");
        await _ada.Page.ReloadAsync();
        await _ada.ReadyToWriteAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("long draft");

        await _ada.SendAsync();
        await other.SeesAsync("long draft");
        await _ada.Page.ReloadAsync();
        await _ada.ReadyToWriteAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("");
        await other.OpenRoomAsync(1);
        await other.OpenRoomAsync(_room.Id);
        await Assertions.Expect(other.Composer).ToHaveValueAsync("");
    }

    [Fact]
    public async Task Enter_or_Ctrl_Enter_sends_as_the_account_page_says_in_every_tab_of_the_browser()
    {
        await _ada.OpenRoomAsync(_room.Id);
        await using var settings = new Person("Ada", await _ada.Page.Context.NewPageAsync());
        await settings.Page.GotoAsync("account/manage");
        var choice = settings.Page.GetByRole(AriaRole.Group, new() { Name = "Send messages with" });
        await Assertions.Expect(choice.GetByRole(AriaRole.Radio).First).ToBeCheckedAsync();
        await choice.ScrollIntoViewIfNeededAsync();
        await settings.ScreenshotAsync("account-writing-light-wide");
        await settings.AssertAccessibleAsync();

        await choice.GetByLabel("Ctrl+Enter").CheckAsync();

        await Assertions.Expect(_ada.Page.Locator(".composer [data-send]")).ToHaveAttributeAsync("title", "Send (Ctrl+Enter)");
        await _ada.Composer.FocusAsync();
        await _ada.Page.Keyboard.TypeAsync("one");
        await _ada.Page.Keyboard.PressAsync("Enter");
        await _ada.Page.Keyboard.TypeAsync("two");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("one\ntwo");
        await _ada.Page.Keyboard.PressAsync("Control+Enter");
        await _ada.SeesAsync("two");
        await _ada.Page.Locator(".messages").First.FocusAsync();
        await _ada.Page.Keyboard.PressAsync("?");
        await Assertions.Expect(_ada.Page.Locator(".shortcuts dt").Filter(new() { HasText = "Ctrl+Enter" })).ToHaveCountAsync(1);
        await _ada.Page.Keyboard.PressAsync("Escape");

        // The menu of a room has the same choice.
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Room menu" }).ClickAsync();
        await _ada.Page.GetByLabel("Enter sends messages").CheckAsync();
        await Assertions.Expect(choice.GetByRole(AriaRole.Radio).First).ToBeCheckedAsync();
        await _ada.Page.Keyboard.PressAsync("Escape");
        await _ada.SendMessageAsync("three");
        await _ada.SeesAsync("three");

        // On a phone it is reached in the same way.
        await _zoe.Page.GotoAsync("account/manage");
        await Assertions.Expect(_zoe.Page.GetByLabel("Ctrl+Enter")).ToBeCheckedAsync();
        await _zoe.Page.GetByLabel("Ctrl+Enter").ScrollIntoViewIfNeededAsync();
        await _zoe.ScreenshotAsync("account-writing-360");
    }

    [Fact]
    public async Task B14_A_long_press_offers_to_copy_except_on_links()
    {
        await _zoe.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await _zoe.OpenRoomAsync(_room.Id);
        await _zoe.SendMessageAsync("one **bold** word\n\nand more");
        await _zoe.SendMessageAsync("https://example.org/a-rather-long-address");
        await _zoe.SeesAsync("a-rather-long-address");

        await _zoe.PressLongAsync(_zoe.Message(1).Locator("p").Last);
        await _zoe.ScreenshotAsync("row-actions-copy-360");
        await _zoe.Action("Copy").TapAsync();
        await Assertions.Expect(_zoe.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Copied" })).ToBeVisibleAsync();
        Assert.Equal("one bold word\nand more", await _zoe.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));

        await _zoe.Page.EvaluateAsync("addEventListener('contextmenu', event => { window.menu = !event.defaultPrevented; })");
        await _zoe.PressLongAsync(_zoe.Message(2).Locator("a"));
        await Assertions.Expect(_zoe.Page.GetByRole(AriaRole.Toolbar, new() { Name = "Message actions" })).ToBeHiddenAsync();
    }

    [Fact]
    public async Task B14_Enter_breaks_the_line_on_a_phone_unless_the_setting_says_otherwise()
    {
        await _zoe.OpenRoomAsync(_room.Id);
        await _zoe.Composer.TapAsync();
        await _zoe.Page.Keyboard.TypeAsync("one");
        await _zoe.Page.Keyboard.PressAsync("Enter");
        await _zoe.Page.Keyboard.TypeAsync("two");
        await Assertions.Expect(_zoe.Composer).ToHaveValueAsync("one\ntwo");
        await Assertions.Expect(_zoe.Composer).ToHaveAttributeAsync("enterkeyhint", "enter");
        await _zoe.SendAsync();
        await _zoe.SeesAsync("two");

        await _zoe.Page.GetByRole(AriaRole.Button, new() { Name = "Room menu" }).TapAsync();
        await Assertions.Expect(_zoe.Page.GetByLabel("Enter sends messages")).Not.ToBeCheckedAsync();
        await _zoe.Page.GetByLabel("Enter sends messages").CheckAsync();
        await _zoe.ScreenshotAsync("room-menu-360");
        await _zoe.Page.ReloadAsync();
        await _zoe.ReadyToWriteAsync();
        await Assertions.Expect(_zoe.Composer).ToHaveAttributeAsync("enterkeyhint", "send");
        await _zoe.Composer.FillAsync("three");
        await _zoe.Composer.PressAsync("Enter");
        await _zoe.SeesAsync("three");
    }
}
