using System.Text.RegularExpressions;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms;

/// <summary>
/// One person at a computer on one node and at a phone on the other, and somebody who writes: unread messages, marks and preferences are the same
/// on both.
/// </summary>
public sealed class DrawerTests(BrowserFixture browser, TwoNodeSite site) : IClassFixture<TwoNodeSite>, IAsyncLifetime
{
    private const string RecordBadges =
        """
        window.badges = [];
        navigator.setAppBadge = unread => { badges.push(unread); return Promise.resolve(); };
        navigator.clearAppBadge = () => { badges.push(0); return Promise.resolve(); };
        """;

    private Room _open = default!;
    private Room _other = default!;
    private Person _computer = default!;
    private Person _phone = default!;
    private Person _zoe = default!;

    public async ValueTask InitializeAsync()
    {
        using var ada = await site.JoinAsync("Ada");
        using var zoe = await site.JoinAsync("Zoe");
        _open = await site.AddRoomAsync(ada, zoe);
        _other = await site.AddRoomAsync(zoe, ada);
        _computer = await browser.NewPersonAsync(ada);
        _phone = await browser.NewPersonAsync(site.Second.Address, "Ada", width: 360, height: 740, isTouch: true);
        await _phone.BringSessionAsync(ada, site.Node.Address);
        _zoe = await browser.NewPersonAsync(site.Second.Address, "Zoe");
        await _zoe.BringSessionAsync(zoe, site.Node.Address);
        foreach (var person in new[] { _computer, _phone })
            await person.Page.AddInitScriptAsync(RecordBadges);
        await _zoe.OpenRoomAsync(_other.Id);
        await _computer.OpenRoomAsync(_open.Id);
        await _phone.OpenRoomAsync(_open.Id);
    }

    public async ValueTask DisposeAsync()
    {
        await _zoe.DisposeAsync();
        await _phone.DisposeAsync();
        await _computer.DisposeAsync();
    }

    [Fact]
    public async Task Title_drawer_and_badge_show_one_number_and_messages_are_marked_as_unread_again()
    {
        await SendMessageAsync(3);
        await SeesTotalAsync(_computer, _open, 3);
        await SeesTotalAsync(_phone, _open, 3);
        await Assertions.Expect(Row(_computer, _other)).ToContainTextAsync("3 unread");
        await _computer.ScreenshotAsync("drawer-unread-light-wide");

        // The next unread room, by a key while one writes.
        await _computer.Composer.PressAsync("Alt+Shift+ArrowDown");
        await Assertions.Expect(_computer.Message(3)).ToBeInViewportAsync();
        await SeesTotalAsync(_computer, _other, 0);
        await SeesTotalAsync(_phone, _open, 0);

        await _computer.Message(2).HoverAsync();
        await (await _computer.MenuActionAsync("Mark unread from here")).ClickAsync();
        await Assertions.Expect(_computer.Page.Locator(".messages-new + #m-2")).ToBeVisibleAsync();
        await SeesTotalAsync(_computer, _other, 2);
        await SeesTotalAsync(_phone, _open, 2);
        // What comes while the message is on the screen does not end the mark.
        await SendMessageAsync(1);
        await Assertions.Expect(_computer.Message(4)).ToBeInViewportAsync();
        await SeesTotalAsync(_computer, _other, 3);
        await SeesTotalAsync(_phone, _open, 3);

        // On the phone: the list of unread messages, and the room, which opens at the mark and is read.
        await _phone.Page.GetByRole(AriaRole.Button, new() { Name = "Rooms", Exact = true }).TapAsync();
        await _phone.ScreenshotAsync("drawer-unread-phone");
        await _phone.Page.Locator(".room-nav-unread").TapAsync();
        var room = _phone.Page.GetByRole(AriaRole.Region, new() { Name = _other.Name, Exact = true });
        await Assertions.Expect(room).ToContainTextAsync("3 unread");
        await Assertions.Expect(room.Locator("article")).ToHaveCountAsync(3);
        await _phone.ScreenshotAsync("unread-page-phone");
        await _phone.AssertAccessibleAsync();
        await room.GetByRole(AriaRole.Link, new() { Name = _other.Name, Exact = true }).TapAsync();
        await Assertions.Expect(_phone.Page.Locator(".messages-new + #m-2")).ToBeVisibleAsync();
        await SeesTotalAsync(_phone, _other, 0);
        await SeesTotalAsync(_computer, _other, 0);
    }

    [Fact]
    public async Task A_reply_counts_on_every_device_until_its_thread_is_read_on_one()
    {
        await _computer.SendMessageAsync("Which day suits you?");
        await _phone.SeesAsync("Which day suits you?");
        await _zoe.Page.GotoAsync($"rooms/{_open.Id}/1");
        var box = _zoe.Page.Locator(".thread .composer[data-ready] textarea");
        await box.FillAsync("Friday");
        await box.PressAsync("Enter");

        foreach (var person in new[] { _computer, _phone })
        {
            await SeesTotalAsync(person, _open, 1);
            await Assertions.Expect(person.Page.Locator(".room-nav-threads")).ToContainTextAsync("1 unread");
        }

        // The list of threads leads to the reply, which is read there.
        await _computer.Page.Locator(".room-nav-threads").ClickAsync();
        var thread = _computer.Page.Locator(".thread-list[data-ready] li");
        await Assertions.Expect(thread).ToContainTextAsync("1 new reply");
        await _computer.ScreenshotAsync("threads-light-wide");
        await _computer.AssertAccessibleAsync();
        await thread.GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(_computer.Page).ToHaveURLAsync(new Regex($"rooms/{_open.Id}/1/1$"));
        await Assertions.Expect(_computer.Page.Locator("#r-1")).ToContainTextAsync("Friday");
        await SeesTotalAsync(_computer, _open, 0);
        await SeesTotalAsync(_phone, _open, 0);
        await Assertions.Expect(_phone.Page.Locator(".room-nav-threads .room-nav-total")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_room_is_muted_made_a_favourite_hidden_and_returns_on_every_device()
    {
        await ChooseAsync("Nothing (mute)");
        await Assertions.Expect(Row(_phone, _other)).ToHaveClassAsync("muted");
        await SendMessageAsync(1);
        await _computer.Page.Keyboard.PressAsync("Escape");
        await SeesTotalAsync(_computer, _open, 0);
        await ChooseAsync("All messages");
        await SeesTotalAsync(_computer, _open, 1);
        await SeesTotalAsync(_phone, _open, 1);
        await _computer.ScreenshotAsync("room-options-light-wide");
        await _computer.AssertAccessibleAsync();
        await _computer.Page.Keyboard.PressAsync("Escape");

        await ChooseAsync("Add to favorites");
        await Assertions.Expect(_computer.Page.Locator("[data-section=favourites]")).ToContainTextAsync(_other.Name);
        await Assertions.Expect(_phone.Page.Locator("[data-section=favourites]")).ToContainTextAsync(_other.Name);

        await ChooseAsync("Hide");
        await Assertions.Expect(Row(_computer, _other)).ToHaveCountAsync(0);
        await Assertions.Expect(Row(_phone, _other)).ToHaveCountAsync(0);
        await SeesTotalAsync(_phone, _open, 0);
        await SendMessageAsync(1);
        await Assertions.Expect(Row(_computer, _other)).ToContainTextAsync("2 unread");
        await SeesTotalAsync(_phone, _open, 2);

        // On the phone a long press opens the menu.
        await _phone.Page.GetByRole(AriaRole.Button, new() { Name = "Rooms", Exact = true }).TapAsync();
        await _phone.PressLongAsync(Row(_phone, _other));
        await Assertions.Expect(Menu(_phone)).ToBeVisibleAsync();
        await _phone.ScreenshotAsync("room-options-phone");
        await Menu(_phone).GetByRole(AriaRole.Button, new() { Name = "Mark as read" }).TapAsync();
        await Assertions.Expect(Menu(_phone)).ToBeHiddenAsync();
        await SeesTotalAsync(_phone, _open, 0);
        await SeesTotalAsync(_computer, _open, 0);
    }

    [Fact]
    public async Task Keys_go_through_the_rooms_and_sections_collapse_except_for_what_needs_attention()
    {
        await _computer.Composer.PressAsync("Alt+ArrowDown");
        await Assertions.Expect(_computer.Page).ToHaveURLAsync(new Regex($"/rooms/{_other.Id}$"));
        await _computer.ReadyToWriteAsync();
        await _computer.Page.Keyboard.PressAsync("Alt+ArrowUp");
        await Assertions.Expect(_computer.Page).ToHaveURLAsync(new Regex($"/rooms/{_open.Id}$"));
        await _computer.ReadyToWriteAsync();
        // Not while a dialog is open.
        await _computer.Page.GetByRole(AriaRole.Button, new() { Name = "Members" }).ClickAsync();
        await _computer.Page.GetByRole(AriaRole.Dialog).Locator("input:focus").WaitForAsync();
        await _computer.Page.Keyboard.PressAsync("Alt+ArrowDown");
        await _computer.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(_computer.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        Assert.EndsWith($"/rooms/{_open.Id}", _computer.Page.Url, StringComparison.Ordinal);

        await _computer.Page.Locator("[data-section=rooms] [data-toggle]").ClickAsync();
        await Assertions.Expect(Row(_computer, _other)).ToBeHiddenAsync();
        await Assertions.Expect(Row(_computer, _open)).ToBeVisibleAsync();
        await SendMessageAsync(1);
        await Assertions.Expect(Row(_computer, _other)).ToBeVisibleAsync();
        await _computer.Page.ReloadAsync();
        await _computer.ReadyToWriteAsync();
        await Assertions.Expect(_computer.Page.Locator("[data-section=rooms] [data-toggle]")).ToHaveAttributeAsync("aria-expanded", "false");
    }

    private static ILocator Row(Person person, Room room) => person.Page.Locator($".room-nav li[data-room='{room.Id}']");

    private static ILocator Menu(Person person) => person.Page.GetByRole(AriaRole.Group, new() { Name = "Room menu" });

    /// <summary>Chooses something in the menu of the other room, with the mouse.</summary>
    private async Task ChooseAsync(string item)
    {
        await Row(_computer, _other).HoverAsync();
        await _computer.Page.GetByRole(AriaRole.Button, new() { Name = $"Options for {_other.Name}", Exact = true }).ClickAsync();
        await Menu(_computer).GetByText(item, new() { Exact = true }).ClickAsync();
    }

    private async Task SendMessageAsync(int times)
    {
        for (var i = 0; i < times; i++)
            await _zoe.SendMessageAsync($"message {i}");
    }

    /// <summary>Returns when the title, the drawer and the badge show a total.</summary>
    private static async Task SeesTotalAsync(Person person, Room open, int total)
    {
        await Assertions.Expect(person.Page).ToHaveTitleAsync($"{(total > 0 ? $"({total}) " : "")}{open.Name} · BlazorChat");
        await Assertions.Expect(person.Page.Locator(".room-nav")).ToHaveAttributeAsync("data-total", $"{total}");
        await person.Page.WaitForFunctionAsync("total => badges.at(-1) === total", total);
    }
}
