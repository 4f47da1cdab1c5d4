using BlazorChat.Data.Entities.Rooms;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms.Links;

/// <summary>Links to messages and replies: copied on a computer and on a phone, opened, quoted and pinned.</summary>
public sealed class LinkTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _room = default!;
    private Member _adaMember = default!;
    private Person _ada = default!;
    private Person _minsu = default!;

    public async ValueTask InitializeAsync()
    {
        _adaMember = await site.JoinAsync("Ada");
        using var minsu = await site.JoinAsync("김민수");
        _room = await site.AddRoomAsync(_adaMember, minsu);
        await site.FillRoomAsync(_room, _adaMember, count: 60, sequence => $"line {sequence}", lastRead: 60);
        _ada = await browser.NewPersonAsync(_adaMember);
        _minsu = await browser.NewPersonAsync(minsu, width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _minsu.DisposeAsync();
        await _ada.DisposeAsync();
        _adaMember.Dispose();
    }

    [Fact]
    public async Task A_link_to_a_message_and_to_a_reply_is_copied_and_leads_to_it()
    {
        foreach (var person in new[] { _ada, _minsu })
            await person.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await _ada.Page.GotoAsync($"rooms/{_room.Id}/1");
        await ThreadOf(_ada).Locator(".composer[data-ready]").WaitForAsync();
        await ThreadOf(_ada).Locator("textarea").FillAsync("Friday");
        await ThreadOf(_ada).Locator("textarea").PressAsync("Enter");

        // In a thread, its first message has the address of the room.
        await ThreadOf(_ada).Locator("#r-1").HoverAsync();
        await ThreadOf(_ada).GetByRole(AriaRole.Button, new() { Name = "More actions" }).ClickAsync();
        await ThreadOf(_ada).GetByRole(AriaRole.Button, new() { Name = "Copy link" }).ClickAsync();
        Assert.Equal(site.Node.Address + $"rooms/{_room.Id}/1/1", await CopiedAsync(_ada));
        await ThreadOf(_ada).Locator("#r-0").HoverAsync();
        await ThreadOf(_ada).GetByRole(AriaRole.Button, new() { Name = "More actions" }).ClickAsync();
        await ThreadOf(_ada).GetByRole(AriaRole.Button, new() { Name = "Copy link" }).ClickAsync();
        Assert.Equal(site.Node.Address + $"rooms/{_room.Id}#m-1", await CopiedAsync(_ada));

        // By a finger, which then sends what it has copied.
        await _minsu.OpenRoomAsync(_room.Id);
        await _minsu.PressLongAsync(_minsu.Message(60).Locator(".message-text"));
        await _minsu.ScreenshotAsync("row-actions-dark-360");
        await _minsu.Action("Copy link").TapAsync();
        var link = await CopiedAsync(_minsu);
        Assert.Equal(site.Node.Address + $"rooms/{_room.Id}#m-60", link);

        // A link opens the page around its message, which is marked; for a reply its thread.
        await _minsu.Page.GotoAsync($"rooms/{_room.Id}/1/1");
        await Assertions.Expect(ThreadOf(_minsu).Locator("#r-1")).ToHaveAttributeAsync("data-target", "");
        await _minsu.Page.GotoAsync($"rooms/{_room.Id}#m-2");
        await Assertions.Expect(_minsu.Message(2)).ToHaveAttributeAsync("data-target", "");
        await Assertions.Expect(_minsu.Message(2)).ToBeInViewportAsync();

        // A link in a message stays in the page, also to a message that is not loaded, and out of the thread that is open.
        await _ada.Page.GotoAsync($"rooms/{_room.Id}");
        await _ada.ReadyToWriteAsync();
        await _ada.SendMessageAsync($"{link} and {site.Node.Address}rooms/{_room.Id}#m-3 and {site.Node.Address}rooms/{_room.Id}/1/1");
        await _ada.Page.EvaluateAsync("window.isSame = true");
        await LinkOf(61, 1).ClickAsync();
        await Assertions.Expect(_ada.Message(3)).ToHaveAttributeAsync("data-target", "");
        await Assertions.Expect(_ada.Message(3)).ToBeInViewportAsync();
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Jump to latest" }).ClickAsync();
        await LinkOf(61, 2).ClickAsync();
        await Assertions.Expect(ThreadOf(_ada).Locator("#r-1")).ToHaveAttributeAsync("data-target", "");
        await LinkOf(61, 1).ClickAsync();
        await Assertions.Expect(ThreadOf(_ada)).ToHaveCountAsync(0);
        await Assertions.Expect(_ada.Message(3)).ToBeInViewportAsync();
        Assert.True(await _ada.Page.EvaluateAsync<bool>("window.isSame"));
        Assert.Single(_ada.Page.Context.Pages);

        ILocator LinkOf(int sequence, int index) => _ada.Page.Locator($".chat #m-{sequence} .message-text a").Nth(index);
    }

    [Fact]
    public async Task A_quoted_message_is_a_card_for_those_who_may_read_it_and_nothing_for_others()
    {
        var hidden = await site.AddRoomAsync(RoomKind.Private, _adaMember);
        await site.FillRoomAsync(hidden, _adaMember, count: 1, _ => "the secret plan", lastRead: 1);
        await _minsu.OpenRoomAsync(_room.Id);
        await _ada.OpenRoomAsync(_room.Id);

        // "Quote" adds the link to what is written, as a line of its own.
        await _ada.Composer.FillAsync("About this:");
        await _ada.Page.GetByRole(AriaRole.Log).FocusAsync();
        await _ada.Page.Keyboard.PressAsync("ArrowUp");
        await _ada.Action("Quote").ClickAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync($"About this:\n{site.Node.Address}rooms/{_room.Id}#m-60\n");
        await Assertions.Expect(_ada.Composer).ToBeFocusedAsync();
        await _ada.Page.Keyboard.TypeAsync($"and /rooms/{hidden.Id}#m-1");
        await _ada.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(_ada.Message(61).Locator(".quote-text")).ToHaveTextAsync(["line 60", "the secret plan"]);
        await Assertions.Expect(_minsu.Message(61).Locator(".quote-text")).ToHaveTextAsync(["line 60"]);
        Assert.DoesNotContain("secret", await _minsu.Page.ContentAsync(), StringComparison.Ordinal);
        await _ada.ScreenshotAsync("quotes-light-wide");
        await _ada.AssertAccessibleAsync();
        await _minsu.ScreenshotAsync("quotes-dark-360");
        await _minsu.AssertAccessibleAsync();

        // The prerendered page has the cards, and its circuit keeps them without another look.
        await _minsu.OpenRoomAsync(_room.Id);
        await Assertions.Expect(_minsu.Message(61).Locator(".quote-text")).ToHaveTextAsync(["line 60"]);
        await _minsu.Message(61).Locator(".quote").TapAsync();
        await Assertions.Expect(_minsu.Message(60)).ToHaveAttributeAsync("data-target", "");
        await _ada.Message(61).Locator(".quote").Nth(1).ClickAsync();
        await Assertions.Expect(_ada.Message(1)).ToHaveAttributeAsync("data-target", "");
    }

    [Fact]
    public async Task A_pinned_message_is_in_the_list_of_every_page_until_it_is_unpinned()
    {
        await _minsu.OpenRoomAsync(_room.Id);
        await _ada.OpenRoomAsync(_room.Id);
        await _ada.Message(45).Locator("p").HoverAsync(new() { Position = new() { X = 10, Y = 8 } });
        await (await _ada.MenuActionAsync("Pin")).ClickAsync();
        await Assertions.Expect(_ada.Message(45).Locator(".message-pin")).ToHaveTextAsync("Pinned");
        await Assertions.Expect(CountOf(_minsu)).ToHaveTextAsync("1");
        await _minsu.PressLongAsync(_minsu.Message(60).Locator(".message-text"));
        await _minsu.Action("Pin").TapAsync();
        await Assertions.Expect(CountOf(_ada)).ToHaveTextAsync("2");

        // Beside the room on a computer: a click goes to the message, and the list stays.
        await CountOf(_ada).ClickAsync();
        await Assertions.Expect(ListOf(_ada).Locator(".pin-text")).ToHaveTextAsync(["line 60", "line 45"]);
        await ListOf(_ada).Locator("li a").Nth(1).ClickAsync();
        await Assertions.Expect(_ada.Message(45)).ToHaveAttributeAsync("data-target", "");
        await Assertions.Expect(_ada.Message(45)).ToBeInViewportAsync();
        await Assertions.Expect(ListOf(_ada)).ToBeVisibleAsync();
        await _ada.ScreenshotAsync("pins-light-wide");
        await _ada.AssertAccessibleAsync();

        // A page of its own on a phone, which a message replaces.
        await CountOf(_minsu).TapAsync();
        await Assertions.Expect(_minsu.Message(60)).ToBeHiddenAsync();
        await Assertions.Expect(ListOf(_minsu).Locator("li")).ToHaveCountAsync(2);
        await _minsu.ScreenshotAsync("pins-dark-360");
        await _minsu.AssertAccessibleAsync();
        await ListOf(_ada).GetByRole(AriaRole.Button, new() { Name = "Unpin" }).First.ClickAsync();
        await Assertions.Expect(ListOf(_minsu).Locator(".pin-text")).ToHaveTextAsync(["line 45"]);
        await ListOf(_minsu).Locator("li a").TapAsync();
        await Assertions.Expect(ListOf(_minsu)).ToHaveCountAsync(0);
        await Assertions.Expect(_minsu.Message(45)).ToBeInViewportAsync();
        await _ada.Message(45).Locator("p").HoverAsync(new() { Position = new() { X = 10, Y = 8 } });
        await (await _ada.MenuActionAsync("Unpin")).ClickAsync();
        await Assertions.Expect(_minsu.Message(45).Locator(".message-pin")).ToHaveCountAsync(0);
        await Assertions.Expect(CountOf(_minsu)).ToHaveCountAsync(0);
        await Assertions.Expect(ListOf(_ada).Locator("li")).ToHaveCountAsync(0);

        static ILocator CountOf(Person person) => person.Page.Locator(".room-pins");

        static ILocator ListOf(Person person) => person.Page.Locator(".pins");
    }

    [Fact]
    public async Task A_saved_message_is_in_a_list_of_its_person()
    {
        await _minsu.OpenRoomAsync(_room.Id);
        await _minsu.PressLongAsync(_minsu.Message(60).Locator(".message-text"));
        await _minsu.ScreenshotAsync("row-actions-all-dark-360");
        await _minsu.Action("Save for later").TapAsync();
        await Assertions.Expect(_minsu.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Saved" })).ToBeVisibleAsync();
        await _minsu.Page.GotoAsync("saved");
        await _minsu.Page.Locator(".saved-list[data-ready]").WaitForAsync();
        await Assertions.Expect(_minsu.Page.Locator(".saved-text")).ToHaveTextAsync(["line 60"]);
        await _minsu.ScreenshotAsync("saved-dark-360");
        await _minsu.AssertAccessibleAsync();
        await _minsu.Page.Locator(".saved-list li a").TapAsync();
        await Assertions.Expect(_minsu.Message(60)).ToHaveAttributeAsync("data-target", "");
    }

    private static ILocator ThreadOf(Person person) => person.Page.Locator(".thread");

    private static Task<string> CopiedAsync(Person person) => person.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
}
